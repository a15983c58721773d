using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Storage;

/// <summary>
/// The one database file of this silo process. Work runs on threads of its own, never on a scheduler's: SQLite's
/// calls block. A lock file keeps a second process out.
/// </summary>
internal sealed class SqliteDatabase(
    IOptions<SqliteOptions> options, StorageMetrics metrics, TimeProvider time, ILogger<SqliteDatabase> logger)
    : IDisposable
{
    private const int Readers = 2;
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _opening = new();
    private readonly string _path = options.Value.Path;
    private readonly SqliteQueue _writes = new(
        options.Value.Path, StorageOperation.Write, options.Value.QueueLimit, metrics);
    private readonly SqliteQueue _reads = new(
        options.Value.Path, StorageOperation.Read, options.Value.QueueLimit, metrics);
    private readonly List<SqliteSession> _sessions = [];
    private readonly List<Thread> _threads = [];
    private IDisposable? _lock;
    private bool _closed;

    public string Path => _path;

    public DamagedReminders DamagedReminders { get; } = new(metrics, logger);

    /// <summary>
    /// Runs <paramref name="work"/>, at most one writing statement, on the writer's thread, and returns when it is on
    /// disk. It may run twice when its group was rolled back.
    /// </summary>
    /// <exception cref="DependencyException">It was not written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before its turn, and not written.</exception>
    public Task<T> Write<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) =>
        _writes.Add(work, cancellationToken);

    /// <summary>Runs <paramref name="work"/> on a reader's thread. It sees every acknowledged write.</summary>
    /// <exception cref="DependencyException">It was not read.</exception>
    public Task<T> Read<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) => options.Value.ReadOnly
        ? Task.Run(() => ReadOnce(work), cancellationToken)
        : _reads.Add(work, cancellationToken);

    /// <summary>
    /// Takes the lock, brings the file to the current layout and starts the threads. Repeated calls do nothing.
    /// </summary>
    /// <exception cref="DependencyException">With one line that names the file and the cure.</exception>
    public void Open()
    {
        lock (_opening)
        {
            if (_lock is not null || _closed)
            {
                return;
            }

            try
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(_path))!);
                _lock = SqliteLock.Take(_path);
                OpenSessions();
            }
            catch (Exception failure)
            {
                Close();
                throw SqliteFailure.Describe(failure, _path);
            }
        }
    }

    /// <summary>Carries out what is waiting, checkpoints and lets go of the file. Repeated calls do nothing.</summary>
    public void Close()
    {
        lock (_opening)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            _writes.Close();
            _reads.Close();
            if (!_threads.TrueForAll(thread => thread.Join(CloseLimit)))
            {
                // A thread inside SQLite must keep its connection; the end of the process takes both.
                logger.StillBusy(_path, CloseLimit.TotalSeconds);
                return;
            }

            _writes.Dispose();
            _reads.Dispose();

            // The writer's is the last: SQLite checkpoints when the last connection closes.
            _sessions.Reverse();
            _sessions.ForEach(session => session.Dispose());
            _lock?.Dispose();
            logger.Closed(_path);
        }
    }

    public void Dispose() => Close();

    private void OpenSessions()
    {
        var writing = Session(SqliteOpenMode.ReadWriteCreate);
        writing.Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        var found = SqliteSchema.Migrate(writing, _path, options.Value.Filling);
        if (found is not 0 && found != SqliteSchema.Current)
        {
            logger.Migrated(_path, found, SqliteSchema.Current);
        }

        for (var i = 0; i < Readers; i++)
        {
            Start($"SQLite reader {i}", new SqliteReader(_reads, Session(SqliteOpenMode.ReadOnly)).Run);
        }

        Start("SQLite writer", new SqliteWriter(_writes, writing, metrics, time, logger).Run);
        logger.Opened(_path, SqliteSchema.Current);
    }

    /// <summary>On a connection of its own: silos may come and go between two reads.</summary>
    private T ReadOnce<T>(Func<SqliteSession, T> work)
    {
        try
        {
            if (!File.Exists(_path))
            {
                throw new DependencyException(
                    Dependency.Storage, $"There is no {System.IO.Path.GetFullPath(_path)}. Let Storage:Sqlite:Path name the silo's file.");
            }

            // Without a log nobody has it open. SQLite would still make one, and never take it away.
            var name = File.Exists(_path + "-wal") ? _path : $"{new Uri(System.IO.Path.GetFullPath(_path)).AbsoluteUri}?immutable=1";
            using var session = new SqliteSession(name, SqliteOpenMode.ReadOnly, options.Value.LockTimeout);
            SqliteSchema.Require(session, _path);
            return work(session);
        }
        catch (Exception failure)
        {
            throw SqliteFailure.Describe(failure, _path);
        }
    }

    private SqliteSession Session(SqliteOpenMode mode)
    {
        var session = new SqliteSession(_path, mode, options.Value.LockTimeout);
        _sessions.Add(session);
        return session;
    }

    private void Start(string name, ThreadStart run)
    {
        var thread = new Thread(run) { Name = name, IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }
}
