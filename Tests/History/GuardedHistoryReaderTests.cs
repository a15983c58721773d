using ClusterGrains.History;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.History;

public sealed class GuardedHistoryReaderTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedReader _reader = new();
    private readonly GuardedHistoryReader _guarded;

    public GuardedHistoryReaderTests() => _guarded = new GuardedHistoryReader(_reader, _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_bad_answer_among_many_is_asked_again()
    {
        _reader.Script = attempt => attempt == 3 ? Task.FromResult("there") : ScriptedReader.Fails();

        Assert.Equal(["there"], (await Passing(_guarded.List("v1/", null, Cancellation))).Keys);
    }

    [Fact]
    public async Task A_store_that_stays_away_is_not_asked_for_ever()
    {
        _reader.Script = _ => ScriptedReader.Fails();

        var failure = await Assert.ThrowsAsync<DependencyException>(() => Passing(_guarded.Read("v1/x", Cancellation)));

        Assert.Equal("no route", failure.Message);
        Assert.Equal(3, _reader.Attempts);
    }

    [Fact]
    public async Task A_store_that_hangs_fails_the_reader_within_the_bound()
    {
        var hanging = new TaskCompletionSource<string>();
        _reader.Script = _ => hanging.Task;

        var failure = await Assert.ThrowsAsync<DependencyException>(() => Passing(_guarded.List("v1/", null, Cancellation)));

        Assert.Equal("v1/ was not listed: no answer in 30 s.", failure.Message);
    }

    [Fact]
    public async Task A_reader_that_gives_up_is_no_failure_of_the_store()
    {
        using var givingUp = new CancellationTokenSource();
        var entered = new TaskCompletionSource();
        var hanging = new TaskCompletionSource<string>();
        _reader.Script = _ =>
        {
            entered.TrySetResult();
            return hanging.Task;
        };

        var reading = _guarded.Read("v1/x", givingUp.Token);
        await entered.Task.WaitAsync(Cancellation);
        await givingUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    public void Dispose() => _guarded.Dispose();

    /// <summary>Time goes on until the task ends.</summary>
    private async Task<T> Passing<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        return await task;
    }

    /// <summary>Answers each attempt as the test says.</summary>
    private sealed class ScriptedReader : IHistoryReader
    {
        public int Attempts { get; private set; }

        public Func<int, Task<string>> Script { get; set; } = _ => Task.FromResult("");

        public static Task<string> Fails() =>
            Task.FromException<string>(new DependencyException(Dependency.History, "no route"));

        public async Task<HistoryPage> List(string prefix, string? continuation, CancellationToken cancellationToken) =>
            new([await Script(++Attempts).WaitAsync(cancellationToken)], null);

        public async Task<byte[]?> Read(string key, CancellationToken cancellationToken)
        {
            await Script(++Attempts).WaitAsync(cancellationToken);
            return null;
        }
    }
}
