using System.Threading.Channels;
using ClusterGrains.Datasets;
using ClusterGrains.Datasets.Loading;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Datasets.Loading;

/// <summary>When a load tells how far it is.</summary>
public sealed class CheckpointPaceTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Channel<LoadProgress> _told = Channel.CreateUnbounded<LoadProgress>();
    private readonly LoadStop _stop = new(TestContext.Current.CancellationToken);
    private readonly LoadPrefix _prefix;
    private readonly CheckpointLoop _loop;
    private Func<Task> _store = () => Task.CompletedTask;

    public CheckpointPaceTests()
    {
        var job = new LoadTrial(new MemorySource(("part-0", "")), new BulkIndex()).Job with
        {
            Checkpoint = async (progress, cancellationToken) =>
            {
                await _told.Writer.WriteAsync(progress, cancellationToken);
                await _store();
            },
        };
        _prefix = new LoadPrefix(job, _stop);
        _loop = new CheckpointLoop(job, _time, _prefix, _stop);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_two_seconds_while_the_prefix_grows_and_not_when_it_stands()
    {
        var running = _loop.Run(Cancellation);

        Settle(line: 1, bytes: 10);
        _time.Advance(CheckpointLoop.Pace);
        var first = await _told.Reader.ReadAsync(Cancellation);
        _time.Advance(10 * CheckpointLoop.Pace);
        Settle(line: 2, bytes: 10);
        _time.Advance(CheckpointLoop.Pace);
        var second = await _told.Reader.ReadAsync(Cancellation);
        _loop.Complete();
        await running;

        Assert.Equal((1, 2), (first.Position.Line, second.Position.Line));
        Assert.False(_told.Reader.TryRead(out _));
    }

    [Fact]
    public async Task At_once_after_64_MiB()
    {
        var running = _loop.Run(Cancellation);

        Settle(line: 1, bytes: (64 << 20) - 1);
        Settle(line: 2, bytes: 1);

        Assert.Equal(2, (await _told.Reader.ReadAsync(Cancellation)).Position.Line);
        _loop.Complete();
        await running;
    }

    [Fact]
    public async Task One_call_at_a_time_and_the_next_tells_all_that_came_meanwhile()
    {
        var stored = new TaskCompletionSource();
        _store = () => stored.Task;
        var running = _loop.Run(Cancellation);

        for (var line = 1; line <= 3; line++)
        {
            Settle(line, bytes: 64 << 20);
            _time.Advance(CheckpointLoop.Pace);
            if (line == 1)
            {
                await _told.Reader.ReadAsync(Cancellation);
            }
        }

        var overlapped = _told.Reader.TryRead(out _);
        stored.SetResult();
        var next = await _told.Reader.ReadAsync(Cancellation);
        _loop.Complete();
        await running;

        Assert.False(overlapped);
        Assert.Equal(3, next.Position.Line);
    }

    public void Dispose() => _stop.Dispose();

    private void Settle(long line, long bytes)
    {
        var stretch = new Stretch { End = new LoadPosition(0, line, 0), Lines = 1, Bytes = bytes };
        _prefix.Open(stretch);
        _prefix.Settle(stretch);
    }
}
