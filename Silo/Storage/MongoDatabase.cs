using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Orleans.Configuration;
using Orleans.Storage;

namespace ClusterGrains.Storage;

/// <summary>
/// The database that all silos share. Reads come from the primary and show what a majority has; a write is acknowledged
/// when a majority has it in its journal. Every operation is bounded in time, tries again included.
/// </summary>
/// <remarks>
/// All commands that are ever sent: <c>hello</c>; <c>createIndexes</c>; <c>insert</c> of one document; <c>update</c> of
/// one document by <c>_id</c> and conditions, either by a replacement (<c>upsert</c> for reminders only) or by
/// <c>$set</c> and <c>$unset</c> (membership only); <c>delete</c>; <c>find</c> and its <c>getMore</c>, with a sort, a limit
/// and a projection; <c>distinct</c>. Conditions are equality, <c>$ne</c>, <c>$in</c>, <c>$gt</c>, <c>$gte</c>, <c>$lt</c>, <c>$lte</c>, <c>$exists</c> and
/// <c>$or</c>. No transactions: what belongs together is one document.
/// </remarks>
internal sealed class MongoDatabase(
    IOptions<MongoOptions> options,
    IOptions<ClusterOptions> cluster,
    StorageMetrics metrics,
    TimeProvider time,
    ILogger<MongoDatabase> logger)
    : IDisposable
{
    /// <summary>Short, so that a lost server is known before a probe gives up; the next try asks again.</summary>
    private static readonly TimeSpan SelectionTimeout = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly MongoOptions _options = options.Value;
    private readonly SemaphoreSlim _opening = new(1);
    private MongoClient? _client;
    private IMongoDatabase? _database;

    private bool _open;
    private int _pending;

    /// <summary>For people: hosts and database, without credentials.</summary>
    public string Place { get; private set; } = "";

    /// <summary>One document per grain state: <see cref="MongoStateDocument"/>.</summary>
    public IMongoCollection<BsonDocument> State => Collection("state");

    /// <summary>One document per reminder: <see cref="MongoReminderTable"/>.</summary>
    public IMongoCollection<BsonDocument> Reminders => Collection("reminder");

    public DamagedReminders DamagedReminders { get; } = new(metrics, logger);

    /// <summary>One document per cluster of silos: <see cref="MongoMembershipDocument"/>.</summary>
    public IMongoCollection<BsonDocument> Membership => Collection("membership");

    /// <summary>One document: the layout of all the others. And one for each service that an import is filling: <see cref="MongoImportMark"/>.</summary>
    public IMongoCollection<BsonDocument> Layout => Collection("layout");

    /// <summary>Connects, looks whether the server is one we can use, and makes the indexes. Repeated calls do nothing.</summary>
    /// <exception cref="DependencyException">With one line that names the server and the cure, never a password.</exception>
    public async Task Open(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (!_open)
            {
                Connect();
                var wireVersion = await Read(MongoSchema.Check(_database!, Place), cancellationToken);
                if (_options.ReadOnly)
                {
                    await Read(MongoSchema.Require(this, Place), cancellationToken);
                }
                else
                {
                    await Write(MongoSchema.Prepare(this, Place), cancellationToken);
                }

                if (!_options.Filling)
                {
                    await RequireWhole(cancellationToken);
                }

                _open = true;
                logger.Connected(Place, wireVersion, MongoSchema.Current);
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>No import fills the service's part of the database, and none was left unfinished.</summary>
    /// <exception cref="DependencyException">One does, or was.</exception>
    public async Task RequireWhole(CancellationToken cancellationToken)
    {
        var service = cluster.Value.ServiceId;
        if (await Read(token => MongoImportMark.IsThere(this, service, token), cancellationToken))
        {
            throw MongoFailure.Unfinished(Place, service);
        }
    }

    /// <summary>Reads from the primary. <paramref name="work"/> may run several times.</summary>
    /// <exception cref="DependencyException">It was not read.</exception>
    public Task<T> Read<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        Run(StorageOperation.Read, (_, token) => work(token), cancellationToken);

    /// <summary>
    /// Writes. <paramref name="work"/> is told how often it was tried before: then an earlier try may have been carried
    /// out and only its answer lost. Once begun it is not cancelled, for nobody would know what became of it.
    /// </summary>
    /// <exception cref="DependencyException">It was not acknowledged. It may still have been written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before it began, and not written.</exception>
    public Task<T> Write<T>(Func<int, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<T>(cancellationToken)
            : Run(StorageOperation.Write, work, CancellationToken.None);

    public void Dispose()
    {
        if (_open)
        {
            _open = false;
            logger.Disconnected(Place);
        }

        _client?.Dispose();
        _client = null;
        _database = null;
    }

    private void Connect()
    {
        if (_client is not null)
        {
            return;
        }

        try
        {
            var settings = MongoClientSettings.FromConnectionString(_options.ConnectionString);
            settings.ApplicationName ??= "clustergrains";
            settings.ReadPreference = ReadPreference.Primary;
            settings.ReadConcern = ReadConcern.Majority;
            settings.WriteConcern = WriteConcern.WMajority.With(journal: true);
            settings.ServerSelectionTimeout = SelectionTimeout;
            settings.ConnectTimeout = ConnectTimeout;
            settings.SocketTimeout = AnswerTimeout;
            settings.WaitQueueTimeout = _options.Budget;
            _client = new MongoClient(settings);
            _database = _client.GetDatabase(_options.Database);
            Place = $"mongodb://{string.Join(',', settings.Servers)}/{_options.Database}";
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw MongoFailure.Unusable(failure);
        }
    }

    private IMongoCollection<BsonDocument> Collection(string name) => _database is { } database
        ? database.GetCollection<BsonDocument>(name)
        : throw new DependencyException(Dependency.Storage, "The storage is not open: this silo is starting or stopping.");

    private async Task<T> Run<T>(
        StorageOperation kind, Func<int, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var budget = new CancellationTokenSource(_options.Budget, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        var started = time.GetTimestamp();
        metrics.Queued(kind);
        try
        {
            return Interlocked.Increment(ref _pending) <= _options.PendingLimit
                ? await Try(kind, work, limit.Token)
                : throw MongoFailure.TooMany(_options.PendingLimit, Place);
        }
        catch (InconsistentStateException)
        {
            metrics.Conflicted();
            throw;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            metrics.Failed(kind);
            throw MongoFailure.Describe(failure, Place, _client?.Cluster.Description, time.GetElapsedTime(started));
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
            metrics.Dequeued(kind);
            metrics.Answered(kind, time.GetElapsedTime(started));
        }
    }

    /// <summary>Asks until it is answered, fails for good or may ask no longer: then the last failure is told.</summary>
    private async Task<T> Try<T>(StorageOperation kind, Func<int, CancellationToken, Task<T>> work, CancellationToken limit)
    {
        ExceptionDispatchInfo? trouble = null;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                limit.ThrowIfCancellationRequested();
                return await work(attempt, limit);
            }
            catch (OperationCanceledException) when (trouble is not null)
            {
                trouble.Throw();
            }
            catch (Exception failure) when (MongoFailure.MayPass(failure))
            {
                metrics.TriedAgain(kind);
                logger.TriedAgain(Place, failure.Message);
                trouble = ExceptionDispatchInfo.Capture(failure);
                await Pause(attempt, limit);
            }
        }
    }

    /// <summary>Ends early, and without a word, when the time is up: the next try tells.</summary>
    private async Task Pause(int attempt, CancellationToken limit)
    {
        var longest = TimeSpan.FromMilliseconds(Math.Min(50 << Math.Min(attempt, 10), LongestPause.TotalMilliseconds));
        var pause = longest * (0.5 + (Random.Shared.NextDouble() / 2));
        await Task.Delay(pause, time, limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
