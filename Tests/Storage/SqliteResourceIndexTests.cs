using ClusterGrains.Storage;
using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

public sealed class SqliteResourceIndexTests : ResourceIndexContract, IDisposable
{
    private readonly TestDatabase _test = new TestDatabase().Open();

    private protected override IGrainStorage Storage => _test.Storage;

    private protected override IResourceIndex Index => _test.Index;

    private protected override Task Spoil(string name, string column, object? value) =>
        _test.Spoil("state", $"sample/default/{name}", column, value);

    public void Dispose() => _test.Dispose();
}
