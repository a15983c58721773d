using System.Net;
using ClusterGrains.Datasets;
using ClusterGrains.Tests.History;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Datasets;

/// <summary>What stores, and strangers that a user calls a store, do beside the book.</summary>
public sealed class S3SourceDialectTests
{
    private static readonly SourceFile File = new("a.ndjson", 10, "e", DataFormat.Plain);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://169.254.169.254", "cloud metadata")]
    [InlineData("http://no-such-host.invalid:9000", "its name does not resolve")]
    [InlineData("http://127.0.0.1:1", "connection refused")]
    public async Task An_endpoint_that_cannot_or_must_not_be_asked_is_named_with_the_cure(string endpoint, string why)
    {
        using var world = World();

        var message = await Unreadable(world, Spec(endpoint));

        Assert.Contains(endpoint, message, StringComparison.Ordinal);
        Assert.Contains(why, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loopback_is_refused_unless_the_operator_allows_it()
    {
        await using var stub = await StubS3.Start(StubS3.Status(200));
        using var world = World(allowLoopback: false);

        Assert.Contains("Endpoints:AllowLoopback", await Unreadable(world, Spec(stub)), StringComparison.Ordinal);
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task A_store_whose_name_comes_to_mean_a_forbidden_address_is_asked_no_more()
    {
        await using var stub = await StubS3.Start(context =>
        {
            context.Response.Headers.Connection = "close";
            return Error(context, 403, "AccessDenied", "no");
        });
        using var world = World();
        var spec = Spec($"http://rebinding.test:{stub.Port}");
        world.Names["rebinding.test"] = IPAddress.Loopback;
        Assert.Contains("403", await Unreadable(world, spec), StringComparison.Ordinal);
        var asked = stub.Requests.Count;

        world.Names["rebinding.test"] = IPAddress.Parse("169.254.169.254");

        Assert.Contains("cloud metadata", await Unreadable(world, spec), StringComparison.Ordinal);
        Assert.Equal(asked, stub.Requests.Count);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task Redirects_are_told_and_not_followed(int status)
    {
        await using var target = await StubS3.Start(StubS3.Status(200));
        await using var stub = await StubS3.Start(context =>
        {
            context.Response.Headers.Location = $"http://127.0.0.1:{target.Port}/elsewhere";
            return StubS3.Status(status)(context);
        });
        using var world = World();

        await Unreadable(world, Spec(stub));

        Assert.Single(stub.Requests);
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task A_bucket_of_another_region_is_told_with_the_field_to_set()
    {
        await using var stub = await StubS3.Start(context => Error(context, 400, "AuthorizationHeaderMalformed",
            "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'"));
        using var world = World();

        var message = await Unreadable(world, Spec(stub));

        Assert.Contains("expecting 'eu-west-1'", message, StringComparison.Ordinal);
        Assert.Contains("set spec.source.s3.region", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_rights_are_told_as_the_rule_that_is_needed()
    {
        await using var stub = await StubS3.Start(context => Error(context, 403, "AccessDenied", "no"));
        using var world = World();

        Assert.Contains(
            "AccessDenied (403). Allow s3:ListBucket on arn:aws:s3:::feeds and s3:GetObject on arn:aws:s3:::feeds/products/*.",
            await Unreadable(world, Spec(stub)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_list_is_not_read_to_its_end()
    {
        await using var stub = await StubS3.Start(async context =>
        {
            var blanks = new byte[1 << 20];
            blanks.AsSpan().Fill((byte)' ');
            while (true)
            {
                await context.Response.Body.WriteAsync(blanks, context.RequestAborted);
            }
        });
        using var world = World();

        Assert.Contains("larger than any of an S3 store", await Unreadable(world, Spec(stub)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>Welcome</html>")]
    [InlineData("not XML")]
    public async Task Something_that_is_no_store_is_a_wait(string page)
    {
        await using var stub = await StubS3.Start(context => context.Response.WriteAsync(page, context.RequestAborted));
        using var world = World();
        await using var source = await world.Open(Spec(stub));

        var failure = await Record.ExceptionAsync(async () => await source.Folders(Cancellation));

        Assert.True(failure is null or DependencyException, $"{failure}");
    }

    [Fact]
    public async Task A_store_that_passes_over_If_Match_does_not_slip_another_file_in()
    {
        await using var stub = await StubS3.Start(context => Body(context, "other", "0123456789"));
        using var world = World();
        await using var source = await world.Open(Spec(stub));

        var failure = await Assert.ThrowsAsync<SourceException>(() => source.Read("v1", File, 0, Cancellation));

        Assert.Equal(DatasetCodes.SourceChanged, failure.Code);
        Assert.Equal("\"e\"", Assert.Single(stub.Requests).Headers.IfMatch);
    }

    [Fact]
    public async Task A_version_whose_marker_changes_while_it_is_listed_is_not_complete_yet()
    {
        var markers = 0;
        await using var stub = await StubS3.Start(context => context.Request.Method == "HEAD"
            ? context.Request.Path.Value!.EndsWith("_SUCCESS", StringComparison.Ordinal)
                ? Body(context, $"marker {++markers / 2}", "")
                : StubS3.Status(404)(context)
            : context.Response.WriteAsync(
                """<ListBucketResult><Contents><Key>products/v1/a</Key><Size>1</Size><ETag>"a"</ETag></Contents></ListBucketResult>""",
                context.RequestAborted));
        using var world = World();
        await using var source = await world.Open(Spec(stub));

        Assert.Null(await source.Freeze("v1", Cancellation));
        Assert.Null(await source.Freeze("v1", Cancellation));
        Assert.Equal(4, markers);
    }

    [Fact]
    public async Task Of_a_plain_file_only_the_bytes_that_are_wanted_are_asked_for()
    {
        await using var stub = await StubS3.Start(context => Body(context, "e", "456789"));
        using var world = World();
        await using var source = await world.Open(Spec(stub));

        var read = await source.Read("v1", File, 4, Cancellation);

        Assert.Equal("456789"u8.ToArray(), await Packed.Unpack(read.Text));
        Assert.Equal(10, read.SourceBytes());
        Assert.Equal("bytes=4-9", Assert.Single(stub.Requests).Headers.Range);
    }

    [Fact]
    public async Task A_store_in_trouble_is_asked_again_while_reading_until_it_answers()
    {
        var answers = new Queue<int>([503, 429, 500]);
        await using var stub = await StubS3.Start(
            context => answers.TryDequeue(out var status) ? StubS3.Status(status)(context) : Body(context, "e", "0123456789"));
        using var world = World();
        await using var source = await world.Open(Spec(stub));

        Assert.Equal("0123456789"u8.ToArray(), await Packed.Unpack((await source.Read("v1", File, 0, Cancellation)).Text));
        Assert.Equal(4, stub.Requests.Count);
    }

    [Fact]
    public async Task A_store_that_stays_in_trouble_is_given_up_after_a_bounded_number_of_tries()
    {
        await using var stub = await StubS3.Start(StubS3.Status(503));
        var time = new FakeTimeProvider();
        using var world = World(time);
        await using var source = await world.Open(Spec(stub));

        await Assert.ThrowsAsync<DependencyException>(() => Advancing(time, source.Read("v1", File, 0, Cancellation)));

        Assert.Equal(6, stub.Requests.Count);
    }

    [Fact]
    public async Task A_connection_that_stalls_is_replaced_by_one_that_goes_on_there()
    {
        await using var stub = await StubS3.Start(async context =>
        {
            if (context.Request.Headers.Range == "bytes=5-9")
            {
                await Body(context, "e", "56789");
                return;
            }

            context.Response.StatusCode = 206;
            context.Response.Headers.ETag = "\"e\"";
            context.Response.ContentLength = 10;
            await context.Response.WriteAsync("01234", context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var time = new FakeTimeProvider();
        using var world = World(time);
        await using var source = await world.Open(Spec(stub));
        var read = await source.Read("v1", File, 0, Cancellation);
        await read.Text.ReadExactlyAsync(new byte[5], Cancellation);

        var rest = await Advancing(time, Packed.Unpack(read.Text));

        Assert.Equal("56789"u8.ToArray(), rest);
        Assert.Equal("bytes=5-9", stub.Requests.Last().Headers.Range);
    }

    [Fact]
    public async Task Requests_carry_what_every_dialect_takes()
    {
        await using var stub = await StubS3.Start(StubS3.Status(404));
        using var world = World();

        await Unreadable(world, Spec(stub));

        var request = Assert.Single(stub.Requests);
        Assert.Equal(("GET", "/feeds"), (request.Method, request.Path.TrimEnd('/')));
        Assert.DoesNotContain(request.Headers.Keys, name => name.Contains("checksum", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(request.Headers.Keys, name => name.Equals("traceparent", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_secret_that_is_missing_or_lacks_a_key_is_told_with_the_cure()
    {
        using var world = World();
        var spec = Spec("http://127.0.0.1:1") with { SecretRef = new() { Name = "other" } };

        var missing = await Assert.ThrowsAsync<DependencyException>(() => world.Open(spec));
        world.Secrets.Add("shop/other", ("accessKey", "a"));
        var lacking = await Assert.ThrowsAsync<DependencyException>(() => world.Open(spec));

        Assert.Contains("There is no such Secret in namespace shop; create it with keys \"accessKey\" and \"secretKey\"", missing.Message, StringComparison.Ordinal);
        Assert.Contains("lacks key \"secretKey\"", lacking.Message, StringComparison.Ordinal);
    }

    private static async Task<T> Advancing<T>(FakeTimeProvider time, Task<T> work)
    {
        while (!work.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation));
        }

        return await work;
    }

    private static SourceWorld World(TimeProvider? time = null, bool allowLoopback = true)
    {
        var world = new SourceWorld(time: time, allowLoopback: allowLoopback);
        world.Secrets.Add("shop/feeds", ("accessKey", "a"), ("secretKey", "s"));
        return world;
    }

    private static SourceSpec Spec(StubS3 stub) => Spec($"http://127.0.0.1:{stub.Port}");

    private static SourceSpec Spec(string endpoint) => new()
    {
        Uri = "s3://feeds/products",
        S3 = new() { Endpoint = endpoint },
        SecretRef = new() { Name = "feeds" },
    };

    private static Task Body(HttpContext context, string etag, string text)
    {
        context.Response.Headers.ETag = $"\"{etag}\"";
        context.Response.ContentLength = text.Length;
        context.Response.StatusCode = 206;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static Task Error(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync(
            $"<Error><Code>{code}</Code><Message>{message}</Message></Error>", context.RequestAborted);
    }

    private static async Task<string> Unreadable(SourceWorld world, SourceSpec spec)
    {
        await using var source = await world.Open(spec);
        return (await Assert.ThrowsAsync<DependencyException>(() => source.Folders(Cancellation))).Message;
    }
}
