using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace ClusterGrains.History;

/// <summary>Reads the bucket that an <see cref="S3HistoryStore"/> writes. Listing needs s3:ListBucket, which writing does not.</summary>
internal sealed class S3HistoryReader(IAmazonS3 s3, HistoryLocation.S3 location, int pageSize = S3HistoryReader.PageSize)
    : IHistoryReader, IDisposable
{
    private const int PageSize = 1000;

    public async Task<HistoryPage> List(string prefix, string? continuation, CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request
        {
            BucketName = location.Bucket,
            Prefix = location.Prefix + prefix,
            ContinuationToken = continuation,
            MaxKeys = pageSize,
        };
        try
        {
            var page = await s3.ListObjectsV2Async(request, cancellationToken);
            if (page.IsTruncated == true && string.IsNullOrEmpty(page.NextContinuationToken))
            {
                throw new AmazonClientException("the page is not the last one, but says not how to get the next.");
            }

            return new HistoryPage(
                [.. (page.S3Objects ?? []).Select(stored => stored.Key[location.Prefix.Length..])],
                page.IsTruncated == true ? page.NextContinuationToken : null);
        }
        catch (Exception failure) when (IsOfTheStore(failure, cancellationToken))
        {
            throw Failure($"{location.Prefix}{prefix} was not listed", "s3:ListBucket", location.Bucket, failure);
        }
    }

    public async Task<byte[]?> Read(string key, CancellationToken cancellationToken)
    {
        var path = location.Prefix + key;
        try
        {
            using var stored = await s3.GetObjectAsync(location.Bucket, path, cancellationToken);
            return await BoundedBody.Read(stored.ResponseStream, $"s3://{location.Bucket}/{path}", cancellationToken);
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode is HttpStatusCode.NotFound && missing.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
        catch (Exception failure) when (IsOfTheStore(failure, cancellationToken))
        {
            throw Failure($"{path} was not read", "s3:GetObject", $"{location.Bucket}/{location.Prefix}*", failure);
        }
    }

    public void Dispose() => s3.Dispose();

    private static bool IsOfTheStore(Exception failure, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && S3Failure.IsOfTheStore(failure);

    private DependencyException Failure(string what, string action, string resource, Exception failure) => new(
        Dependency.History,
        $"s3://{location.Bucket}/{what}: {S3Failure.Explain(failure, location, $"{action} on arn:aws:s3:::{resource}")}",
        failure);
}
