using ClusterGrains.Storage;
using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

public sealed class SqliteStateRowsTests : StateRowsContract, IDisposable
{
    private readonly TestDatabase _test = new TestDatabase().Open();

    private protected override IGrainStorage Storage => _test.Storage;

    private protected override IStateRows Rows => new SqliteStateRows(_test.Database);

    private protected override Task Spoil(string grainId, string column, object? value) => _test.Spoil("state", grainId, column, value);

    public void Dispose() => _test.Dispose();
}
