using ClusterGrains.Storage;
using ClusterGrains.Tests.MongoDouble;
using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

public sealed class MongoStateRowsTests(MongoServer server) : StateRowsContract, IClassFixture<MongoServer>, IAsyncLifetime
{
    private readonly TestMongo _test = TestMongo.On(server);

    private protected override IGrainStorage Storage => _test.Storage;

    private protected override IStateRows Rows => _test.Rows;

    public async ValueTask InitializeAsync() => await _test.Open();

    public ValueTask DisposeAsync()
    {
        _test.Dispose();
        return ValueTask.CompletedTask;
    }
}
