using MongoDB.Driver;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>The MongoDB of a test class.</summary>
public abstract class MongoServer : IAsyncLifetime
{
    private MongoClient? _client;

    public abstract string ConnectionString { get; }

    /// <summary>A client of the test's own.</summary>
    public IMongoClient Client => _client ??= new MongoClient(ConnectionString);

    /// <summary>The name of an empty database.</summary>
    public virtual string NewDatabase() => $"clustergrains-{Guid.NewGuid():N}";

    public abstract ValueTask InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        _client?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>The double, which can also be killed and told to misbehave.</summary>
public sealed class DoubledMongo : MongoServer
{
    private readonly MongoMode _mode;
    private DoubleProcess? _double;

    public DoubledMongo()
        : this(MongoMode.ReplicaSet)
    {
    }

    internal DoubledMongo(MongoMode mode) => _mode = mode;

    public override string ConnectionString => Double.ConnectionString;

    internal DoubleProcess Double => _double ?? throw new InvalidOperationException("The server has not been started.");

    public override async ValueTask InitializeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        _double = await DoubleProcess.Start(_mode, limit.Token);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await (_double?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}

/// <summary>The server that CLUSTERGRAINS_TEST_MONGODB names with its connection string; without it the tests are skipped.</summary>
public sealed class NamedMongo : MongoServer
{
    public const string Variable = "CLUSTERGRAINS_TEST_MONGODB";

    private readonly string? _named = Environment.GetEnvironmentVariable(Variable);
    private readonly List<string> _databases = [];

    public override string ConnectionString
    {
        get
        {
            Assert.SkipWhen(_named is null, $"{Variable} names no server: this ran against the double only.");
            return _named!;
        }
    }

    /// <inheritdoc/>
    /// <remarks>It is dropped at the end.</remarks>
    public override string NewDatabase()
    {
        var name = base.NewDatabase();
        lock (_databases)
        {
            _databases.Add(name);
        }

        return name;
    }

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override async ValueTask DisposeAsync()
    {
        foreach (var database in _named is null ? [] : _databases)
        {
            await Client.DropDatabaseAsync(database);
        }

        await base.DisposeAsync();
    }
}
