using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClusterGrains.History;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.History;

public sealed class GuardedHistoryStoreTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedStore _store = new(ScriptedStore.Works);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly HistoryHealth _health = new(Options.Create(new HistoryOptions { Uri = "s3://history" }));
    private readonly GuardedHistoryStore _guarded;

    public GuardedHistoryStoreTests() => _guarded = new GuardedHistoryStore(
        _store,
        new HistoryMetrics(_services.GetRequiredService<IMeterFactory>(), _time),
        _health,
        _time,
        NullLogger<GuardedHistoryStore>.Instance);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Meter Meter => _services.GetRequiredService<IMeterFactory>().Create(HistoryMetrics.MeterName);

    [Fact]
    public async Task A_store_that_hangs_fails_the_put_within_the_bound()
    {
        var entered = new TaskCompletionSource();
        _store.Script = async (_, cancellationToken) =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);
            return PutOutcome.Created;
        };

        var put = Put();
        await entered.Task.WaitAsync(Cancellation);
        _time.Advance(GuardedHistoryStore.Timeout);

        var failure = await Assert.ThrowsAsync<DependencyException>(() => put);
        Assert.Equal("key was not written: no answer in 10 s.", failure.Message);
    }

    [Fact]
    public async Task A_store_that_is_away_is_asked_once_in_a_while_and_everybody_else_is_refused_at_once()
    {
        _store.Script = ScriptedStore.Fails;
        await FailTimes(4);

        var refusal = await Assert.ThrowsAsync<DependencyException>(Put);
        Assert.Contains("was not tried", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("no route", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(4, _store.Puts);

        _time.Advance(GuardedHistoryStore.Pause);
        await FailTimes(2);
        Assert.Equal(5, _store.Puts);

        _time.Advance(GuardedHistoryStore.Pause);
        _store.Script = ScriptedStore.Works;
        Assert.Equal(PutOutcome.Created, await Put());
        Assert.Equal(PutOutcome.Created, await Put());
    }

    [Fact]
    public async Task The_health_says_what_the_last_put_said_until_the_store_takes_one_again()
    {
        _health.Good();
        (HealthStatus, string?) well = (HealthStatus.Healthy, "s3://history: never overwrites an object");
        Assert.Equal(well, await Health());

        // One is enough: a small fleet has no more in hand.
        _store.Script = ScriptedStore.Fails;
        await FailTimes(1);
        Assert.Equal((HealthStatus.Degraded, "s3://history: key was not written: no route."), await Health());
        await FailTimes(9);
        Assert.Equal((HealthStatus.Degraded, "s3://history: key was not written: no route."), await Health());

        _time.Advance(GuardedHistoryStore.Pause);
        _store.Script = ScriptedStore.Works;
        await Put();
        Assert.Equal(well, await Health());
    }

    [Fact]
    public async Task Only_what_the_store_takes_makes_it_fresh()
    {
        var age = TimeSpan.Zero;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "clustergrains.history.put.age" && ReferenceEquals(instrument.Meter, Meter))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => age = TimeSpan.FromSeconds(seconds));
        listener.Start();

        foreach (var outcome in Enum.GetValues<PutOutcome>())
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            _store.Script = (_, _) => Task.FromResult(outcome);
            await Put();
            listener.RecordObservableInstruments();
            Assert.Equal(outcome is PutOutcome.Different ? TimeSpan.FromMinutes(1) : TimeSpan.Zero, age);
        }
    }

    [Fact]
    public async Task Failures_among_many_successes_refuse_nobody()
    {
        for (var i = 0; i < 20; i++)
        {
            await Put();
        }

        _store.Script = ScriptedStore.Fails;
        await FailTimes(6);

        Assert.Equal(26, _store.Puts);
    }

    [Fact]
    public async Task No_more_than_the_limit_are_let_through_at_a_time()
    {
        var (now, most) = (0, 0);
        var full = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        _store.Script = async (_, _) =>
        {
            var running = Interlocked.Increment(ref now);
            InterlockedMax(ref most, running);
            if (running == GuardedHistoryStore.MaxConcurrent)
            {
                full.TrySetResult();
            }

            await release.Task;
            Interlocked.Decrement(ref now);
            return PutOutcome.Created;
        };

        var puts = Enumerable.Range(0, 5 * GuardedHistoryStore.MaxConcurrent).Select(_ => Put()).ToArray();
        await full.Task.WaitAsync(Cancellation);
        release.SetResult();
        await Task.WhenAll(puts);

        Assert.Equal(GuardedHistoryStore.MaxConcurrent, most);
    }

    [Fact]
    public async Task A_store_that_blocks_its_thread_does_not_block_the_caller()
    {
        using var release = new ManualResetEventSlim();
        _store.Script = (_, _) =>
        {
            release.Wait(Cancellation);
            return Task.FromResult(PutOutcome.Created);
        };

        var put = Put();
        Assert.False(put.IsCompleted);
        release.Set();
        Assert.Equal(PutOutcome.Created, await put);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_no_failure_of_the_store()
    {
        using var givingUp = new CancellationTokenSource();
        var entered = new TaskCompletionSource();
        _store.Script = async (_, cancellationToken) =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);
            return PutOutcome.Created;
        };

        var put = _guarded.Put("key", default, givingUp.Token);
        await entered.Task.WaitAsync(Cancellation);
        await givingUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put);
    }

    [Fact]
    public async Task Every_put_is_measured_with_how_it_ended()
    {
        var ends = new ConcurrentQueue<string?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter, Meter))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => ends.Enqueue((string?)tags[0].Value));
        listener.Start();

        foreach (var outcome in Enum.GetValues<PutOutcome>())
        {
            _store.Script = (_, _) => Task.FromResult(outcome);
            await Put();
        }

        _store.Script = ScriptedStore.Fails;
        for (var i = 0; !ends.Contains("refused"); i++)
        {
            Assert.InRange(i, 0, 100);
            await FailTimes(1);
        }

        Assert.Equal(["created", "already_there", "different", "failed", "refused"], ends.Distinct());
    }

    public void Dispose()
    {
        _guarded.Dispose();
        _services.Dispose();
    }

    private async Task<(HealthStatus, string?)> Health()
    {
        var result = await _health.CheckHealthAsync(new HealthCheckContext(), Cancellation);
        return (result.Status, result.Description);
    }

    private Task<PutOutcome> Put() => _guarded.Put("key", default, Cancellation);

    private async Task FailTimes(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Assert.ThrowsAsync<DependencyException>(Put);
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; value > seen; seen = target)
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
