namespace ClusterGrains.Datasets.Loading;

/// <summary>
/// How many requests are under way: halved when the cluster pushes back, one more after a clean stretch (additive
/// increase, multiplicative decrease, as TCP does).
/// </summary>
internal sealed class Throttle : IDisposable
{
    /// <summary>Answers without push-back, per request that is allowed now, before there is one more.</summary>
    public const int CleanStretch = 8;

    private readonly SemaphoreSlim _permits;
    private readonly Lock _lock = new();
    private readonly int _most;
    private int _limit;
    private int _excess;
    private int _clean;
    private int _period;

    public Throttle(int most)
    {
        _permits = new SemaphoreSlim(most, most);
        (_most, _limit) = (most, most);
    }

    public int Limit
    {
        get
        {
            lock (_lock)
            {
                return _limit;
            }
        }
    }

    /// <summary>Waits for its turn. What it returns goes back to <see cref="Leave"/>.</summary>
    public async Task<int> Enter(CancellationToken cancellationToken)
    {
        await _permits.WaitAsync(cancellationToken);
        return Volatile.Read(ref _period);
    }

    /// <param name="period">Several requests pushed back at once are one push-back: only the first of a period counts.</param>
    public void Leave(int period, bool pushedBack)
    {
        lock (_lock)
        {
            if (pushedBack && period == _period)
            {
                _excess += _limit - Math.Max(1, _limit / 2);
                _limit = Math.Max(1, _limit / 2);
                (_clean, _period) = (0, _period + 1);
            }
            else if (!pushedBack && _limit < _most && ++_clean >= CleanStretch * _limit)
            {
                (_clean, _limit) = (0, _limit + 1);
                Free();
            }

            Free();
        }
    }

    public void Dispose() => _permits.Dispose();

    private void Free()
    {
        if (_excess > 0)
        {
            _excess--;
        }
        else
        {
            _permits.Release();
        }
    }
}
