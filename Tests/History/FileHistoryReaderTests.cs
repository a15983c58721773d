using ClusterGrains.History;

namespace ClusterGrains.Tests.History;

public sealed class FileHistoryReaderTests : HistoryReaderContract, IDisposable
{
    private readonly TestFolder _folder = new();

    private string Root => Path.Combine(_folder.Path, "history");

    private protected override (IHistoryStore Store, IHistoryReader Reader) Open() =>
        (new FileHistoryStore(Root, TimeProvider.System), new FileHistoryReader(Root, PageSize));

    private protected override IHistoryReader OpenUnreachable() => new FileHistoryReader(Root);

    [Fact]
    public async Task What_is_being_written_is_not_listed()
    {
        var (store, reader) = Open();
        await store.Put("v1/key", Bytes("x"), Cancellation);
        await File.WriteAllTextAsync(Path.Combine(Root, "_tmp", "half"), "ha", Cancellation);

        Assert.Equal(["v1/key"], Assert.Single(await Pages(reader, "")).Keys);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/hostname")]
    public async Task No_key_leaves_the_folder(string key) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Open().Reader.Read(key, Cancellation));

    [Fact]
    public async Task A_file_that_is_far_too_large_is_not_read_into_memory()
    {
        var (store, reader) = Open();
        await store.Put("v1/key", Bytes("x"), Cancellation);
        using (var huge = File.OpenWrite(Path.Combine(Root, "v1", "huge")))
        {
            huge.SetLength(64 * 1024 * 1024);
        }

        var failure = await Assert.ThrowsAsync<DependencyException>(() => reader.Read("v1/huge", Cancellation));

        Assert.Contains("larger than 16 MiB, so it is not ours", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
