using ClusterGrains.History;

namespace ClusterGrains.Tests.History;

[Collection(S3Collection.Name)]
public sealed class S3HistoryStoreTests(S3Server server) : HistoryStoreContract, IDisposable
{
    private HistoryOptions? _options;
    private IHistoryStore? _store;

    private protected override Task<IHistoryStore> Open() => Task.FromResult(Open(_options = server.NewStore()));

    private protected override IHistoryStore OpenUnreachable() =>
        Open(S3Server.Options("s3://history/nobody", "http://127.0.0.1:1"));

    private protected override Task<byte[]?> Read(string key) => S3Server.Read(_options!, key, Cancellation);

    [Fact]
    public async Task A_gateway_that_stops_fails_puts_and_one_that_is_back_takes_them()
    {
        var store = await Open();
        await store.Put("v1/before", Bytes("x"), Cancellation);

        await server.StopGateway();
        try
        {
            await Assert.ThrowsAsync<DependencyException>(() => store.Put("v1/during", Bytes("x"), Cancellation));
        }
        finally
        {
            await server.StartGateway();
        }

        Assert.Equal(PutOutcome.Created, await store.Put("v1/during", Bytes("x"), Cancellation));
        Assert.Equal(PutOutcome.AlreadyThere, await store.Put("v1/before", Bytes("x"), Cancellation));
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_named_with_the_cure()
    {
        var options = server.NewStore();
        options.Uri = "s3://no-such-bucket/prefix";

        var failure = await Assert.ThrowsAsync<DependencyException>(() => Open(options).Put("k", Bytes("x"), Cancellation));

        Assert.Contains("there is no bucket no-such-bucket; create it", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_that_are_refused_are_answered_with_the_rule_that_is_needed()
    {
        var options = server.NewStore();
        options.S3.SecretKey = "wrong";

        var failure = await Assert.ThrowsAsync<DependencyException>(() => Open(options).Put("k", Bytes("x"), Cancellation));

        Assert.Contains("SignatureDoesNotMatch (403)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("allow s3:PutObject and s3:GetObject on arn:aws:s3:::history/tests/", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => (_store as IDisposable)?.Dispose();

    private IHistoryStore Open(HistoryOptions options) =>
        _store = HistoryParts.Backend(options, TimeProvider.System);
}
