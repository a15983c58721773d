namespace ClusterGrains.Datasets.Loading;

/// <summary>Why a load ends before its source does; the first reason is the one.</summary>
internal sealed class LoadStop : IDisposable
{
    private readonly CancellationTokenSource _all;
    private readonly CancellationTokenSource _reading;
    private readonly Lock _lock = new();

    public LoadStop(CancellationToken cancellationToken)
    {
        _all = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _reading = CancellationTokenSource.CreateLinkedTokenSource(_all.Token);
    }

    /// <summary>Ends when nothing more is to be read.</summary>
    public CancellationToken Reading => _reading.Token;

    /// <summary>Ends when requests under way are to be given up too.</summary>
    public CancellationToken All => _all.Token;

    public (LoadResult Result, string Reason)? Verdict { get; private set; }

    public Exception? Failure { get; private set; }

    /// <summary>What is under way is finished.</summary>
    public void Finish(LoadResult result, string reason)
    {
        Decide(result, reason);
        _reading.Cancel();
    }

    public void AtOnce(LoadResult result, string reason)
    {
        Decide(result, reason);
        _all.Cancel();
    }

    public void Fail(Exception failure)
    {
        lock (_lock)
        {
            Failure ??= failure;
        }

        _all.Cancel();
    }

    /// <summary>Awaits a part of the load; what it throws ends the whole.</summary>
    public async Task Guard(Task part)
    {
        try
        {
            await part;
        }
        catch (OperationCanceledException) when (Reading.IsCancellationRequested)
        {
            // It was told to.
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    public void Dispose()
    {
        _reading.Dispose();
        _all.Dispose();
    }

    private void Decide(LoadResult result, string reason)
    {
        lock (_lock)
        {
            Verdict ??= (result, reason);
        }
    }
}
