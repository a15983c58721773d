using ClusterGrains.History;
using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Tests.History;

/// <summary>What stores that call themselves S3 answer to a reader, beside the book.</summary>
public sealed class S3ReaderDialectTests
{
    private const string Denied = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_follow_the_continuation_of_the_store()
    {
        await using var stub = await StubS3.Start(context => context.Response.WriteAsync(
            context.Request.Query["continuation-token"] == "more" ? Page("prefix/v1/b") : Page("prefix/v1/a", "more"),
            context.RequestAborted));
        using var reader = Reader(stub);

        var first = await reader.List("v1/", null, Cancellation);
        var second = await reader.List("v1/", first.Continuation, Cancellation);

        Assert.Equal(["v1/a"], first.Keys);
        Assert.Equal(["v1/b"], second.Keys);
        Assert.Null(second.Continuation);
    }

    [Fact]
    public async Task A_page_that_cannot_be_continued_is_a_failure_and_not_the_last_one()
    {
        await using var stub = await StubS3.Start(context => context.Response.WriteAsync(
            Page("prefix/v1/a", ""), context.RequestAborted));
        using var reader = Reader(stub);

        await Assert.ThrowsAsync<DependencyException>(() => reader.List("v1/", null, Cancellation));
    }

    [Fact]
    public async Task A_listing_that_is_not_allowed_names_the_right_that_is_missing()
    {
        await using var stub = await StubS3.Start(context => Answer(context, 403, Denied));
        using var reader = Reader(stub);

        var listing = await Assert.ThrowsAsync<DependencyException>(() => reader.List("v1/", null, Cancellation));
        var reading = await Assert.ThrowsAsync<DependencyException>(() => reader.Read("v1/x", Cancellation));

        Assert.Contains(
            "AccessDenied (403). Check History:S3 credentials, and allow s3:ListBucket on arn:aws:s3:::history.",
            listing.Message,
            StringComparison.Ordinal);
        Assert.Contains("allow s3:GetObject on arn:aws:s3:::history/prefix/*.", reading.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_store_in_trouble_is_a_failure(int status)
    {
        await using var stub = await StubS3.Start(StubS3.Status(status));
        using var reader = Reader(stub);

        await Assert.ThrowsAsync<DependencyException>(() => reader.List("v1/", null, Cancellation));
        await Assert.ThrowsAsync<DependencyException>(() => reader.Read("v1/x", Cancellation));
    }

    private static S3HistoryReader Reader(StubS3 stub)
    {
        Assert.True(HistoryLocation.TryParse(stub.Options.Uri, out var location, out _));
        return new S3HistoryReader(S3Client.Create(stub.Options.S3), (HistoryLocation.S3)location);
    }

    private static Task Answer(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    private static string Page(string key, string? next = null) =>
        $"<ListBucketResult><Name>history</Name><IsTruncated>{(next is null ? "false" : "true")}</IsTruncated>"
        + (next is null ? "" : $"<NextContinuationToken>{next}</NextContinuationToken>")
        + $"<Contents><Key>{key}</Key><Size>1</Size></Contents></ListBucketResult>";
}
