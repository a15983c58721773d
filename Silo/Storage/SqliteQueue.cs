using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Orleans.Storage;

namespace ClusterGrains.Storage;

/// <summary>What waits for a database thread. Callers never wait for a place: a full queue refuses.</summary>
internal sealed class SqliteQueue(string path, StorageOperation kind, int limit, StorageMetrics metrics) : IDisposable
{
    private readonly BlockingCollection<SqliteOperation> _waiting = new(limit);

    public string Path => path;

    /// <exception cref="DependencyException">The queue is full or closed, or the operation failed.</exception>
    public Task<T> Add<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var operation = new SqliteOperation<T>(work, cancellationToken);
        metrics.Queued(kind);
        if (Refusal(operation) is { } refusal)
        {
            metrics.Dequeued(kind);
            operation.Failure = new DependencyException(Dependency.Storage, $"{path} {refusal}");
            Publish(operation);
        }

        return operation.Completion;
    }

    /// <summary>Blocks for the next operation that is still wanted. False when the queue is closed and empty.</summary>
    public bool Take([NotNullWhen(true)] out SqliteOperation? operation) => Take(Timeout.Infinite, out operation);

    /// <summary>False when nothing that is still wanted waits now.</summary>
    public bool TryTake([NotNullWhen(true)] out SqliteOperation? operation) => Take(0, out operation);

    /// <summary>Tells the caller of an operation how it ended.</summary>
    public void Publish(SqliteOperation operation)
    {
        if (operation.Failure is InconsistentStateException)
        {
            metrics.Conflicted();
        }
        else if (operation.Failure is { } failure)
        {
            metrics.Failed(kind);
            operation.Failure = SqliteFailure.Describe(failure, path);
        }

        operation.Publish();
    }

    /// <summary>Refuses further operations; those already there are still carried out.</summary>
    public void Close() => _waiting.CompleteAdding();

    public void Dispose() => _waiting.Dispose();

    private bool Take(int milliseconds, [NotNullWhen(true)] out SqliteOperation? operation)
    {
        while (_waiting.TryTake(out operation, milliseconds))
        {
            metrics.Dequeued(kind);
            if (operation.TryBegin())
            {
                return true;
            }
        }

        return false;
    }

    private string? Refusal(SqliteOperation operation)
    {
        try
        {
            return _waiting.TryAdd(operation)
                ? null
                : $"is too slow: {limit} operations already wait for it. Look at the disk under it.";
        }
        catch (InvalidOperationException)
        {
            return "is closed: this silo is stopping.";
        }
    }
}
