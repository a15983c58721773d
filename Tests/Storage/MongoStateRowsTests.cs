using ClusterGrains.Storage;
using ClusterGrains.Tests.MongoDouble;
using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

public abstract class MongoStateRowsTests(MongoServer server) : StateRowsContract, IAsyncLifetime
{
    private readonly TestMongo _test = TestMongo.On(server);

    private protected override IGrainStorage Storage => _test.Storage;

    private protected override IStateRows Rows => _test.Rows;

    private protected override Task Spoil(string grainId, string column, object? value) =>
        TestMongo.Spoil(_test.Database.State, MongoStateDocument.Id(_test.Id, new(grainId, "state")), column, value);

    public async ValueTask InitializeAsync() => await _test.Open();

    public ValueTask DisposeAsync()
    {
        _test.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
