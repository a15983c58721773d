using ClusterGrains.Tests.MongoDouble;
using MongoDB.Bson;

namespace ClusterGrains.Tests.Storage;

public abstract class MongoReminderTableTests(MongoServer server) : ReminderTableContract, IAsyncLifetime
{
    private readonly TestMongo _test = TestMongo.On(server);
    private TestMongo _other = null!;

    private protected override IReminderTable Table => _test.Reminders;

    public async ValueTask InitializeAsync()
    {
        await _test.Open();
        _other = await _test.Neighbour().Open();
    }

    public ValueTask DisposeAsync()
    {
        _test.Dispose();
        _other.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected override Task Spoil(string grainId, string name, string column, object value) => TestMongo.Spoil(
        _test.Database.Reminders, new BsonDocument { { "service", _test.Id }, { "grainId", grainId }, { "name", name } }, column, value);

    /// <summary>In the same database, of another service.</summary>
    private protected override IReminderTable OtherTable() => _other.Reminders;
}
