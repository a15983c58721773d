using ClusterGrains.History;
using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Tests.History;

/// <summary>What stores that call themselves S3 do beside the book.</summary>
public sealed class S3DialectTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_put_is_one_plain_request_that_creates_only()
    {
        await using var stub = await StubS3.Start(StubS3.Status(200));

        Assert.Equal(PutOutcome.Created, await Put(stub.Options));

        var put = Assert.Single(stub.Requests);
        Assert.Equal(("PUT", "/history/prefix/v1/a=b/c.json.gz"), (put.Method, put.Path));
        Assert.Equal("*", put.Headers.IfNoneMatch);
        Assert.Equal("application/gzip", put.Headers.ContentType);
        Assert.Empty(put.Headers.Expect.ToString());
        Assert.Empty(put.Headers.ContentEncoding.ToString());
        Assert.DoesNotContain(put.Headers.Keys, name => name.Contains("checksum", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_bucket_can_be_part_of_the_host_name()
    {
        var options = S3Server.Options("s3://history/prefix", "http://nobody.invalid");
        options.S3.ForcePathStyle = false;

        var failure = await Assert.ThrowsAsync<DependencyException>(() => Put(options));

        Assert.Contains("(history.nobody.invalid:80)", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_store_in_trouble_is_not_asked_twice_by_one_put(int status)
    {
        await using var stub = await StubS3.Start(StubS3.Status(status));

        await Assert.ThrowsAsync<DependencyException>(() => Put(stub.Options));

        Assert.Single(stub.Requests);
    }

    [Fact]
    public async Task A_conflict_with_another_creator_is_tried_again()
    {
        var answers = new Queue<int>([409, 409, 200]);
        await using var stub = await StubS3.Start(context => StubS3.Status(answers.Dequeue())(context));

        Assert.Equal(PutOutcome.Created, await Put(stub.Options));
    }

    [Fact]
    public async Task A_conflict_that_stays_ends_in_a_failure()
    {
        await using var stub = await StubS3.Start(StubS3.Status(409));

        await Assert.ThrowsAsync<DependencyException>(() => Put(stub.Options));

        Assert.Equal(3, stub.Requests.Count);
    }

    [Theory]
    [InlineData("body", PutOutcome.AlreadyThere)]
    [InlineData("else", PutOutcome.Different)]
    public async Task An_object_that_lost_our_metadata_is_compared_by_its_bytes(string stored, object expected)
    {
        await using var stub = await StubS3.Start(context => context.Request.Method switch
        {
            "PUT" => StubS3.Status(412)(context),
            "HEAD" => StubS3.Status(200)(context),
            _ => context.Response.WriteAsync(stored, context.RequestAborted),
        });

        Assert.Equal(expected, await Put(stub.Options));
    }

    [Fact]
    public async Task An_object_that_is_refused_and_then_gone_is_a_failure_for_the_next_tick()
    {
        await using var stub = await StubS3.Start(
            context => StubS3.Status(context.Request.Method == "PUT" ? 412 : 404)(context));

        await Assert.ThrowsAsync<DependencyException>(() => Put(stub.Options));
    }

    private static async Task<PutOutcome> Put(HistoryOptions options)
    {
        var store = HistoryParts.Backend(options, TimeProvider.System);
        using (store as IDisposable)
        {
            return await store.Put("v1/a=b/c.json.gz", "body"u8.ToArray(), Cancellation);
        }
    }
}
