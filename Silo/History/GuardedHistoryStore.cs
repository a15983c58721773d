using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace ClusterGrains.History;

/// <summary>
/// What thousands of grains of one silo share: at most <see cref="MaxConcurrent"/> PUTs at a time, each bounded by
/// <see cref="Timeout"/>, and a short memory of a store that is away, so that nobody waits for it in vain.
/// </summary>
internal sealed class GuardedHistoryStore : IHistoryStore, IDisposable
{
    public const int MaxConcurrent = 32;

    /// <summary>Of one PUT that was let through.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>While the store is away, one PUT in this time asks whether it is back; the others fail at once.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>More than a silo's grains can have in hand; past it something is wrong and PUTs fail at once.</summary>
    private const int MaxWaiting = 10_000;

    private readonly IHistoryStore _store;
    private readonly HistoryMetrics _metrics;
    private readonly HistoryHealth _health;
    private readonly TimeProvider _time;
    private readonly ILogger<GuardedHistoryStore> _logger;
    private readonly ConcurrencyLimiter _limiter = new(new() { PermitLimit = MaxConcurrent, QueueLimit = MaxWaiting });
    private readonly ResiliencePipeline _pipeline;
    private bool _down;

    public GuardedHistoryStore(
        IHistoryStore store, HistoryMetrics metrics, HistoryHealth health, TimeProvider time, ILogger<GuardedHistoryStore> logger)
    {
        (_store, _metrics, _health, _time, _logger) = (store, metrics, health, time, logger);
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRateLimiter(_limiter)
            .AddCircuitBreaker(Breaker())
            .AddTimeout(Timeout)
            .Build();
    }

    public async Task<PutOutcome> Put(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        // Away from the caller's scheduler, which is a grain's: a store may block (fsync, the search for credentials).
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var started = _time.GetTimestamp();
        try
        {
            var outcome = await _pipeline.ExecuteAsync(
                static async (put, token) => await put.Store.Put(put.Key, put.Body, token),
                (Store: _store, Key: key, Body: body),
                cancellationToken);
            _metrics.Put(outcome, _time.GetElapsedTime(started));
            _health.Reached();
            return outcome;
        }
        catch (Exception failure) when (failure is DependencyException or TimeoutRejectedException)
        {
            _metrics.Failed(_time.GetElapsedTime(started));
            var told = failure as DependencyException ?? Failure($"{key} was not written: no answer in {Timeout.TotalSeconds} s.", failure);
            _health.Unreachable(told.Message);
            throw told;
        }
        catch (ExecutionRejectedException refusal)
        {
            _metrics.Refused(_time.GetElapsedTime(started));
            var why = refusal is BrokenCircuitException ? refusal.InnerException?.Message : "too many PUTs are waiting.";
            throw Failure($"{key} was not tried, the history store is in trouble: {why}", refusal);
        }
    }

    public void Dispose()
    {
        _limiter.Dispose();
        (_store as IDisposable)?.Dispose();
    }

    /// <summary>Opens when nearly everything failed lately, not for a few failures among many successes.</summary>
    private CircuitBreakerStrategyOptions Breaker() => new()
    {
        FailureRatio = 0.9,
        MinimumThroughput = 4,
        SamplingDuration = Timeout + Pause,
        BreakDuration = Pause,
        ShouldHandle = static attempt =>
            ValueTask.FromResult(attempt.Outcome.Exception is DependencyException or TimeoutRejectedException),
        OnOpened = opened =>
        {
            // Also called each time the store was asked and is still away; that is no news.
            if (!_down)
            {
                _down = true;
                _logger.StoreDown(opened.Outcome.Exception, Pause);
            }

            return default;
        },
        OnClosed = _ =>
        {
            _down = false;
            _logger.StoreBack();
            return default;
        },
    };

    private static DependencyException Failure(string message, Exception cause) => new(Dependency.History, message, cause);
}
