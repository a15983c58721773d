namespace ClusterGrains.Storage;

/// <summary>
/// A thread that only reads: it sees everything committed before its query began, and never waits for the writer.
/// </summary>
internal sealed class SqliteReader(SqliteQueue queue, SqliteSession session)
{
    /// <summary>Runs until the queue is closed and empty.</summary>
    public void Run()
    {
        while (queue.Take(out var operation))
        {
            operation.Run(session);
            queue.Publish(operation);
        }
    }
}
