using ClusterGrains.Resources;
using ClusterGrains.Tests.Watch;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Tests.Resources;

/// <summary>What the work beside the grains says of its trouble.</summary>
public sealed class SiloLoopTests : IDisposable
{
    private readonly LogLines _log = new();
    private readonly Loop _loop;

    public SiloLoopTests() => _loop = new Loop(_log);

    [Fact]
    public async Task The_same_trouble_is_said_once_and_another_one_again_until_it_is_gone()
    {
        foreach (var problem in (string?[])["away", "away", "full", null, null, "away"])
        {
            await _loop.Do(Task.FromResult(problem));
        }

        Assert.Equal(
            [
                "The work failed and is tried again; said once until it works: away",
                "The work failed and is tried again; said once until it works: full",
                "The work works again",
                "The work failed and is tried again; said once until it works: away",
            ],
            _log.All);
    }

    [Fact]
    public async Task A_round_that_ends_after_a_newer_one_has_nothing_to_say_any_more()
    {
        var (older, broken) = (new TaskCompletionSource<string?>(), new TaskCompletionSource<string?>());
        Task[] hanging = [_loop.Do(older.Task), _loop.Do(broken.Task)];
        await _loop.Do(Task.FromResult<string?>("away"));
        await _loop.Do(Task.FromResult<string?>(null));

        older.SetResult("a silo that is ending");
        broken.SetException(new InvalidOperationException("of old"));
        await Task.WhenAll(hanging);
        await _loop.Do(Task.FromResult<string?>(null));

        Assert.Equal(["The work failed and is tried again; said once until it works: away", "The work works again"], _log.All);
    }

    public void Dispose()
    {
        _loop.Dispose();
        _log.Dispose();
    }

    private sealed class Loop(ILogger log) : SiloLoop("The work", TimeProvider.System, log)
    {
        public Task Do(Task<string?> round) => Try(_ => round, CancellationToken.None);

        protected override Task Run(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
