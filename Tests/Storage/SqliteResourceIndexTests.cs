using ClusterGrains.Storage;
using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

public sealed class SqliteResourceIndexTests : ResourceIndexContract, IDisposable
{
    private readonly TestDatabase _test = new TestDatabase().Open();

    private protected override IGrainStorage Storage => _test.Storage;

    private protected override IResourceIndex Index => _test.Index;

    [Fact]
    public async Task A_damaged_index_column_is_an_error()
    {
        await Write(new SampleState { Name = "a" });
        await _test.Database.Write(
            session => session.Execute("UPDATE state SET nextDue = 'soon'"), TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<DependencyException>(
            () => Index.List("Sample", TestContext.Current.CancellationToken));
    }

    public void Dispose() => _test.Dispose();
}
