using System.Diagnostics.Metrics;
using System.Text.Json.Serialization;
using ClusterGrains.Storage;
using ClusterGrains.Tests.MongoDouble;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace ClusterGrains.Tests.Storage;

/// <summary>The storage of one silo on a MongoDB server, under a service id and a cluster id that nobody else uses.</summary>
internal sealed class TestMongo : IDisposable
{
    private static readonly JsonSerializerContext[] Contexts = [SampleJson.Default];

    private readonly ServiceProvider _services =
        new ServiceCollection().AddMetrics().AddSerializer().BuildServiceProvider();

    private readonly string _connectionString;
    private readonly string _cluster;

    public TestMongo(
        string connectionString, string database, string? id = null, TimeSpan? budget = null, int pendingLimit = 8192, string? cluster = null)
    {
        (_connectionString, Name) = (connectionString, database);
        Id = id ?? Guid.NewGuid().ToString("N");
        _cluster = cluster ?? Id;
        Options = new MongoOptions { ConnectionString = connectionString, Database = database, PendingLimit = pendingLimit };
        Options.Budget = budget ?? Options.Budget;
        Database = new MongoDatabase(
            Microsoft.Extensions.Options.Options.Create(Options), Cluster, new StorageMetrics(Meters), TimeProvider.System, NullLogger<MongoDatabase>.Instance);
    }

    /// <summary>Service id, and cluster id unless that was named.</summary>
    public string Id { get; }

    /// <summary>Of the database.</summary>
    public string Name { get; }

    public MongoOptions Options { get; }

    public MongoDatabase Database { get; }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public MongoGrainStorage Storage =>
        new(Database, Cluster, new StateSerializer(Contexts), _services.GetRequiredService<IActivatorProvider>());

    public MongoReminderTable Reminders => new(Database, Cluster);

    public MongoResourceIndex Index => new(Database, Cluster);

    public MongoStateRows Rows => new(Database, Cluster);

    public MongoMembershipTable Membership => new(Database, Cluster);

    private IOptions<ClusterOptions> Cluster => Microsoft.Extensions.Options.Options.Create(new ClusterOptions { ServiceId = Id, ClusterId = _cluster });

    /// <summary>In a database of its own.</summary>
    public static TestMongo On(MongoServer server) => new(server.ConnectionString, server.NewDatabase());

    /// <summary>Of another service and cluster in the same database.</summary>
    public TestMongo Neighbour() => new(_connectionString, Name);

    /// <summary>Another silo of the same service and cluster, or of another cluster.</summary>
    public TestMongo Sibling(string? cluster = null) => new(_connectionString, Name, Id, cluster: cluster ?? _cluster);

    public async Task<TestMongo> Open()
    {
        await Database.Open(TestContext.Current.CancellationToken);
        return this;
    }

    /// <summary>Goes past the storage, as an operator with a shell would; null takes the field away.</summary>
    public static async Task Spoil(IMongoCollection<BsonDocument> rows, BsonDocument id, string field, object? value)
    {
        var change = value is null ? new BsonDocument("$unset", new BsonDocument(field, "")) : new BsonDocument("$set", new BsonDocument(field, BsonValue.Create(value)));
        var result = await rows.UpdateOneAsync(new BsonDocument("_id", id), change, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, result.MatchedCount);
    }

    public void Dispose()
    {
        Database.Dispose();
        _services.Dispose();
    }
}
