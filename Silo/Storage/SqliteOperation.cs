namespace ClusterGrains.Storage;

/// <summary>
/// Work that waits for a database thread. Cancelled while it waits, it is never begun; once begun it is finished: a
/// caller that sees a cancellation knows that nothing was written.
/// </summary>
internal abstract class SqliteOperation
{
    private int _begun;

    /// <summary>Why the last <see cref="Run"/> did not succeed; null when it did.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Whether the work is still wanted. The answer is true at most once.</summary>
    public bool TryBegin() => Interlocked.Exchange(ref _begun, 1) == 0;

    /// <summary>Does the work and keeps how it ended. May be repeated after a rollback.</summary>
    public abstract void Run(SqliteSession session);

    /// <summary>Tells the caller how it ended.</summary>
    public abstract void Publish();
}

internal sealed class SqliteOperation<T> : SqliteOperation
{
    private readonly Func<SqliteSession, T> _work;
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _cancellation;
    private T _result = default!;

    public SqliteOperation(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        _work = work;
        _cancellation = cancellationToken.UnsafeRegister(Cancel, this);
    }

    public Task<T> Completion => _completion.Task;

    public override void Run(SqliteSession session)
    {
        try
        {
            Failure = null;
            _result = _work(session);
        }
        catch (Exception failure)
        {
            Failure = failure;
        }
    }

    public override void Publish()
    {
        _cancellation.Dispose();
        if (Failure is null)
        {
            _completion.TrySetResult(_result);
        }
        else
        {
            _completion.TrySetException(Failure);
        }
    }

    private static void Cancel(object? operation, CancellationToken cancellationToken)
    {
        var self = (SqliteOperation<T>)operation!;
        if (self.TryBegin())
        {
            self._completion.TrySetCanceled(cancellationToken);
        }
    }
}
