using Amazon.S3;
using Amazon.S3.Model;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Tests.History;

namespace ClusterGrains.Tests.Datasets;

[Collection(S3Collection.Name)]
public sealed class S3SourceTests : VersionSourceContract, IDisposable
{
    private readonly HistoryOptions _store;
    private readonly IAmazonS3 _s3;
    private readonly SourceUri.S3 _location;
    private readonly SourceWorld _world = new();
    private readonly S3Server _server;

    public S3SourceTests(S3Server server)
    {
        _server = server;
        _store = server.NewStore();
        _s3 = S3Client.Create(_store.S3);
        _location = (SourceUri.S3)SourceUri.Parse($"{_store.Uri}/products");
        _world.Secrets.Add("shop/feeds", ("accessKey", _store.S3.AccessKey), ("secretKey", $"{_store.S3.SecretKey}\n"));
    }

    private protected override SourceSpec Spec => new()
    {
        Uri = $"{_location}",
        S3 = new() { Endpoint = _store.S3.ServiceUrl },
        SecretRef = new() { Name = "feeds" },
    };

    [Fact]
    public async Task More_than_a_thousand_versions_are_listed_and_the_old_ones_are_known_look_by_look()
    {
        await Task.WhenAll(Enumerable.Range(0, 1_050).Chunk(50).Select(async some =>
        {
            foreach (var i in some)
            {
                await Put($"v{i}/_SUCCESS", []);
            }
        }));
        await using var source = await Open(Spec with { Order = VersionOrder.Numeric });

        var first = await source.Folders(Cancellation);
        Assert.Equal(Enumerable.Range(0, 1_050).Select(i => $"v{i}"), first.Select(folder => folder.Name));
        Assert.Equal(300, first.Count(folder => folder.Complete));
        Assert.All(first.TakeLast(300), folder => Assert.True(folder.Complete));

        for (var look = 2; look <= 4; look++)
        {
            await source.Folders(Cancellation);
        }

        Assert.All(await source.Folders(Cancellation), folder => Assert.True(folder.Complete));
    }

    [Fact]
    public async Task Folders_that_a_console_made_are_no_data()
    {
        await Version("v1", "a.ndjson");
        await Put("v1/", []);
        await Put("v1/sub/", []);
        await using var source = await Open(Spec);

        Assert.Equal("a.ndjson", Assert.Single((await source.Freeze("v1", Cancellation))!.Files).Name);
    }

    [Theory]
    [InlineData("a.ndjson")]
    [InlineData("a.ndjson.gz")]
    [InlineData("a.ndjson.zst")]
    public async Task A_connection_that_is_cut_is_taken_up_where_it_broke(string name)
    {
        var text = Packed.Lines(20_000);
        await using var direct = await Open(Spec);
        var file = await Frozen(direct, name, name.EndsWith(".gz") ? Packed.Gzip(text) : name.EndsWith(".zst") ? Packed.Zstd(text) : text);
        await using var proxy = new CuttingProxy(_store.S3.ServiceUrl, bytes: 500_000);
        await using var source = await Open(Spec with { S3 = new() { Endpoint = proxy.Endpoint } });

        var read = await source.Read("v1", file, 0, Cancellation);

        Assert.Equal(text, await Packed.Unpack(read.Text));
        Assert.Equal(file.Size, read.SourceBytes());
        Assert.InRange(proxy.Cuts, file.Size / 500_000, 20);
    }

    [Fact]
    public async Task A_file_that_is_replaced_while_its_connection_is_cut_is_noticed()
    {
        await using var direct = await Open(Spec);
        var file = await Frozen(direct, "a.ndjson", Packed.Lines(20_000, 1));
        await using var proxy = new CuttingProxy(_store.S3.ServiceUrl, bytes: 500_000);
        await using var source = await Open(Spec with { S3 = new() { Endpoint = proxy.Endpoint } });
        var read = await source.Read("v1", file, 0, Cancellation);
        await read.Text.ReadExactlyAsync(new byte[1000], Cancellation);

        await Put("v1/a.ndjson", Packed.Lines(20_001, 2));

        Assert.Equal(DatasetCodes.SourceChanged, (await Refused(() => Packed.Unpack(read.Text))).Code);
    }

    [Fact]
    public async Task A_gateway_that_stops_is_a_wait_and_one_that_is_back_is_read()
    {
        await Version("v1", "a.ndjson");
        await using var source = await Open(Spec);

        await _server.StopGateway();
        try
        {
            var failure = await Assert.ThrowsAsync<DependencyException>(() => source.Folders(Cancellation));
            Assert.Contains("connection refused", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            await _server.StartGateway();
        }

        Assert.Single(await source.Folders(Cancellation));
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_named_with_the_cure()
    {
        var message = await Unreadable(Spec with { Uri = "s3://no-such-bucket/x" });

        Assert.Contains($"there is no bucket no-such-bucket at {_store.S3.ServiceUrl}; correct spec.source.uri", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accessKey")]
    [InlineData("secretKey")]
    public async Task Keys_that_are_wrong_are_told_with_the_field_of_the_secret(string wrong)
    {
        _world.Secrets.Add(
            "shop/feeds",
            ("accessKey", wrong == "accessKey" ? "nobody" : _store.S3.AccessKey),
            ("secretKey", wrong == "secretKey" ? "wrong" : _store.S3.SecretKey));

        var message = await Unreadable(Spec);

        Assert.Contains("(403): the keys are wrong; correct accessKey and secretKey in the Secret of spec.source.secretRef", message, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_rotated_is_taken_at_the_next_opening()
    {
        _world.Secrets.Add("shop/feeds", ("accessKey", _store.S3.AccessKey), ("secretKey", "old"));
        await Unreadable(Spec);
        _world.Secrets.Add("shop/feeds", ("accessKey", _store.S3.AccessKey), ("secretKey", _store.S3.SecretKey));

        await using var source = await Open(Spec);

        Assert.Empty(await source.Folders(Cancellation));
    }

    public void Dispose()
    {
        _world.Dispose();
        _s3.Dispose();
    }

    private protected override Task<ISourceSession> Open(SourceSpec spec) => _world.Open(spec);

    private protected override Task Put(string name, byte[] body) => _s3.PutObjectAsync(
        new PutObjectRequest
        {
            BucketName = _location.Bucket,
            Key = _location.Prefix + name,
            InputStream = new MemoryStream(body),
            UseChunkEncoding = false,
        },
        Cancellation);

    private protected override Task Delete(string name) =>
        _s3.DeleteObjectAsync(_location.Bucket, _location.Prefix + name, Cancellation);

    private async Task<string> Unreadable(SourceSpec spec)
    {
        await using var source = await Open(spec);
        var failure = await Assert.ThrowsAsync<DependencyException>(() => source.Folders(Cancellation));
        Assert.Equal(Dependency.Source, failure.Dependency);
        return failure.Message;
    }
}
