using Microsoft.Data.Sqlite;

namespace ClusterGrains.Storage;

/// <summary>
/// The only thread that writes. Everything waiting when a commit ends goes into the next one, so many grains share one
/// fsync, and no scheduler thread ever waits for a disk. Operations are acknowledged after their commit.
/// </summary>
/// <remarks>An operation is one writing statement: SQLite undoes a failed statement alone, the group goes on.</remarks>
internal sealed class SqliteWriter(
    SqliteQueue queue, SqliteSession session, StorageMetrics metrics, TimeProvider time, ILogger logger)
{
    /// <summary>More than this gains nothing: the fsync is by then a small part of the time.</summary>
    public const int GroupLimit = 256;

    private readonly List<SqliteOperation> _group = new(GroupLimit);

    private enum Outcome
    {
        Committed,
        NotBegun,
        RolledBack,
    }

    /// <summary>Runs until the queue is closed and empty.</summary>
    public void Run()
    {
        while (queue.Take(out var first))
        {
            _group.Clear();
            _group.Add(first);
            while (_group.Count < GroupLimit && queue.TryTake(out var next))
            {
                _group.Add(next);
            }

            var started = time.GetTimestamp();
            CommitGroup();
            metrics.Committed(_group.Count, time.GetElapsedTime(started));
            _group.ForEach(queue.Publish);
        }
    }

    /// <summary>One operation can spoil the commit of all (a full disk). Then each is tried alone.</summary>
    private void CommitGroup()
    {
        var outcome = Commit(_group, out var failure);
        if (outcome is Outcome.RolledBack && _group.Count > 1)
        {
            logger.GroupRolledBack(failure, _group.Count, queue.Path);
            foreach (var operation in _group)
            {
                if (Commit([operation], out failure) is not Outcome.Committed)
                {
                    operation.Failure ??= failure;
                }
            }
        }
        else if (outcome is not Outcome.Committed)
        {
            _group.ForEach(operation => operation.Failure ??= failure);
        }
    }

    private Outcome Commit(IEnumerable<SqliteOperation> operations, out Exception? failure)
    {
        var outcome = Outcome.NotBegun;
        failure = null;
        try
        {
            session.Execute("BEGIN IMMEDIATE");
            outcome = Outcome.RolledBack;
            foreach (var operation in operations)
            {
                operation.Run(session);
                if (!session.InTransaction)
                {
                    failure = operation.Failure;
                    return outcome;
                }
            }

            session.Execute("COMMIT");
            return Outcome.Committed;
        }
        catch (SqliteException refused)
        {
            failure = refused;
            RollBack();
            return outcome;
        }
    }

    private void RollBack()
    {
        try
        {
            if (session.InTransaction)
            {
                session.Execute("ROLLBACK");
            }
        }
        catch (SqliteException)
        {
            // The next BEGIN fails and says why; this thread must outlive a broken disk.
        }
    }
}
