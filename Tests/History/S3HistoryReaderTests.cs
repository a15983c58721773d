using ClusterGrains.History;

namespace ClusterGrains.Tests.History;

[Collection(S3Collection.Name)]
public sealed class S3HistoryReaderTests(S3Server server) : HistoryReaderContract, IDisposable
{
    private readonly List<IDisposable> _clients = [];

    private protected override (IHistoryStore Store, IHistoryReader Reader) Open()
    {
        var options = server.NewStore();
        var store = HistoryParts.Backend(options, TimeProvider.System);
        _clients.Add((IDisposable)store);
        return (store, Reader(options));
    }

    private protected override IHistoryReader OpenUnreachable() =>
        Reader(S3Server.Options("s3://history/nobody", "http://127.0.0.1:1"));

    [Fact]
    public async Task A_bucket_that_is_not_there_is_a_failure_with_the_cure_and_no_empty_store()
    {
        var options = server.NewStore();
        options.Uri = "s3://no-such-bucket/prefix";
        var reader = Reader(options);

        var listing = await Assert.ThrowsAsync<DependencyException>(() => reader.List("v1/", null, Cancellation));
        var reading = await Assert.ThrowsAsync<DependencyException>(() => reader.Read("v1/x", Cancellation));

        Assert.All([listing, reading], failure => Assert.Contains(
            "there is no bucket no-such-bucket; create it", failure.Message, StringComparison.Ordinal));
    }

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    private S3HistoryReader Reader(HistoryOptions options)
    {
        Assert.True(HistoryLocation.TryParse(options.Uri, out var location, out _));
        var reader = new S3HistoryReader(S3Client.Create(options.S3), (HistoryLocation.S3)location, PageSize);
        _clients.Add(reader);
        return reader;
    }
}
