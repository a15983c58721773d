using MongoDB.Driver;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>
/// The MongoDB of a test class: the server that CLUSTERGRAINS_TEST_MONGODB names with its connection string, otherwise
/// the double.
/// </summary>
public sealed class MongoServer : IAsyncLifetime
{
    public const string Variable = "CLUSTERGRAINS_TEST_MONGODB";

    private readonly string? _named = Environment.GetEnvironmentVariable(Variable);
    private readonly List<string> _databases = [];
    private readonly MongoMode _mode;
    private DoubleProcess? _double;
    private MongoClient? _client;

    public MongoServer()
        : this(MongoMode.ReplicaSet)
    {
    }

    internal MongoServer(MongoMode mode) => _mode = mode;

    public string ConnectionString => _named ?? Double.ConnectionString;

    /// <summary>A client of the test's own.</summary>
    public IMongoClient Client => _client ?? throw new InvalidOperationException("The server has not been started.");

    /// <summary>Where only the double can be killed or told to misbehave; with a real server the test is skipped.</summary>
    internal DoubleProcess Double
    {
        get
        {
            Assert.SkipWhen(_named is not null, $"{Variable} names a server: only the double can be killed or told to misbehave.");
            return _double ?? throw new InvalidOperationException("The server has not been started.");
        }
    }

    /// <summary>The name of an empty database, which is dropped at the end.</summary>
    public string NewDatabase()
    {
        var name = $"clustergrains-{Guid.NewGuid():N}";
        lock (_databases)
        {
            _databases.Add(name);
        }

        return name;
    }

    public async ValueTask InitializeAsync()
    {
        if (_named is null)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            _double = await DoubleProcess.Start(_mode, limit.Token);
        }

        _client = new MongoClient(ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (_named is not null)
        {
            foreach (var database in _databases)
            {
                await Client.DropDatabaseAsync(database);
            }
        }

        _client?.Dispose();
        await (_double?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
