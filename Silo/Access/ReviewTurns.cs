using System.Threading.RateLimiting;
using ClusterGrains.Resources;

namespace ClusterGrains.Access;

/// <summary>
/// Whose question the API server gets next. Tokens that nobody knows wait apart from callers, and a caller has few turns at a
/// time: so nobody waits behind what strangers send, or behind all that one caller wants to know.
/// </summary>
internal sealed class ReviewTurns : IDisposable
{
    /// <summary>Questions on their way at once, of strangers and of callers each; the API server has other work.</summary>
    public const int MaxInFlight = 8;

    /// <summary>Questions that wait for those; whoever comes after them is turned away.</summary>
    public const int MaxWaiting = 128;

    /// <summary>Questions about one <see cref="Caller.Share"/> that are on their way or wait beside those of other callers.</summary>
    public const int MaxInFlightOfOne = 2;

    /// <summary>Questions that wait for those.</summary>
    public const int MaxWaitingOfOne = 64;

    /// <summary>For a turn. The answer has its own time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A flood is told once; when nobody was turned away for this long, the next one is another.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);

    private const int MaxShares = 10_000;

    private readonly Queue _strangers = new("strangers", MaxInFlight, MaxWaiting);
    private readonly Queue _callers = new("all callers", MaxInFlight, MaxWaiting);

    // What is forgotten may be in use: it holds nothing that must be given back.
    private readonly RecentlyUsed<string, Queue> _shares = new(MaxShares);
    private readonly Dictionary<string, long> _told = [];
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ILogger<ReviewTurns> _logger;

    public ReviewTurns(TimeProvider time, ILogger<ReviewTurns> logger) => (_time, _logger) = (time, logger);

    /// <param name="caller">About whom; null for a stranger.</param>
    /// <exception cref="TurnedAwayException">There was no turn, or none in time; nothing was asked.</exception>
    public async Task<TAnswer> Take<TAnswer>(Caller? caller, Func<Task<TAnswer>> ask)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var own = caller is null ? null : await Wait(Share(caller), patience.Token);
        using var turn = await Wait(caller is null ? _strangers : _callers, patience.Token);
        return await ask();
    }

    public void Dispose()
    {
        _strangers.Dispose();
        _callers.Dispose();
    }

    private Queue Share(Caller caller) =>
        _shares.GetOrAdd(caller.Share, _ => new Queue("one caller", MaxInFlightOfOne, MaxWaitingOfOne));

    private async Task<RateLimitLease> Wait(Queue queue, CancellationToken patience)
    {
        if (await queue.Wait(patience) is { } turn)
        {
            return turn;
        }

        if (IsNews(queue))
        {
            _logger.TurnedAway(queue.Whose);
        }

        throw new TurnedAwayException("Too much is asked about who calls and what they may see. Try again, with fewer requests at a time.");
    }

    private bool IsNews(Queue queue)
    {
        lock (_gate)
        {
            var isCalm = !_told.TryGetValue(queue.Whose, out var last) || _time.GetElapsedTime(last) > Calm;
            _told[queue.Whose] = _time.GetTimestamp();
            return isCalm;
        }
    }

    private sealed class Queue(string whose, int inFlight, int waiting) : IDisposable
    {
        private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = inFlight, QueueLimit = waiting });

        /// <summary>For the log: never who it is.</summary>
        public string Whose => whose;

        public async Task<RateLimitLease?> Wait(CancellationToken patience)
        {
            try
            {
                var lease = await _limiter.AcquireAsync(1, patience);
                return lease.IsAcquired ? lease : null;
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        public void Dispose() => _limiter.Dispose();
    }
}
