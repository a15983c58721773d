using System.Threading.RateLimiting;
using Polly;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace ClusterGrains.History;

/// <summary>
/// Keeps those who check the store out of the way of those who write it: few requests at a time, each bounded, and of
/// thousands one that fails is repeated, not all of them.
/// </summary>
internal sealed class GuardedHistoryReader : IHistoryReader, IDisposable
{
    public const int MaxConcurrent = 8;

    /// <summary>Of one attempt.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private const int Retries = 2;
    private const int MaxWaiting = 1000;

    private readonly IHistoryReader _reader;
    private readonly ConcurrencyLimiter _limiter = new(new() { PermitLimit = MaxConcurrent, QueueLimit = MaxWaiting });
    private readonly ResiliencePipeline _pipeline;

    public GuardedHistoryReader(IHistoryReader reader, TimeProvider time)
    {
        _reader = reader;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRateLimiter(_limiter)
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = Retries,
                Delay = TimeSpan.FromSeconds(1),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = static attempt =>
                    ValueTask.FromResult(attempt.Outcome.Exception is DependencyException or TimeoutRejectedException),
            })
            .AddTimeout(Timeout)
            .Build();
    }

    public Task<HistoryPage> List(string prefix, string? continuation, CancellationToken cancellationToken) => Guarded(
        static (reader, call, token) => reader.List(call.Prefix, call.Continuation, token),
        (Prefix: prefix, Continuation: continuation),
        $"{prefix} was not listed",
        cancellationToken);

    public Task<byte[]?> Read(string key, CancellationToken cancellationToken) => Guarded(
        static (reader, key, token) => reader.Read(key, token), key, $"{key} was not read", cancellationToken);

    public void Dispose()
    {
        _limiter.Dispose();
        (_reader as IDisposable)?.Dispose();
    }

    private async Task<TResult> Guarded<TCall, TResult>(
        Func<IHistoryReader, TCall, CancellationToken, Task<TResult>> request, TCall call, string what, CancellationToken cancellationToken)
    {
        // Away from the caller's scheduler, which may be a grain's: a folder blocks.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (all, token) => await all.request(all._reader, all.call, token),
                (request, _reader, call),
                cancellationToken);
        }
        catch (TimeoutRejectedException failure)
        {
            throw new DependencyException(Dependency.History, $"{what}: no answer in {Timeout.TotalSeconds} s.", failure);
        }
        catch (RateLimiterRejectedException failure)
        {
            throw new DependencyException(Dependency.History, $"{what}: too many requests are waiting.", failure);
        }
    }
}
