using System.Net;
using System.Security.Cryptography;
using Amazon.S3;

namespace ClusterGrains.History;

/// <summary>History in a bucket. Needs s3:PutObject and s3:GetObject below the prefix, nothing else.</summary>
internal sealed class S3HistoryStore(IAmazonS3 s3, HistoryLocation.S3 location, TimeProvider time) : IHistoryStore, IDisposable
{
    private const string Digest = "sha256";
    private const int Attempts = 3;
    private static readonly TimeSpan ConflictDelay = TimeSpan.FromMilliseconds(100);

    public async Task<PutOutcome> Put(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var (bytes, path) = (body.ToArray(), location.Prefix + key);
        try
        {
            return await Create(path, bytes, cancellationToken)
                ? PutOutcome.Created
                : await Compare(path, bytes, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && S3Failure.IsOfTheStore(failure))
        {
            throw new DependencyException(
                Dependency.History, $"s3://{location.Bucket}/{path} was not written: {Explain(failure)}", failure);
        }
    }

    public void Dispose() => s3.Dispose();

    /// <returns>False when the key is taken.</returns>
    private async Task<bool> Create(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await s3.PutObjectAsync(Request(path, bytes), cancellationToken);
                return true;
            }
            catch (AmazonS3Exception taken) when (taken.StatusCode is HttpStatusCode.PreconditionFailed)
            {
                return false;
            }
            catch (AmazonS3Exception conflict) when (conflict.StatusCode is HttpStatusCode.Conflict && attempt < Attempts)
            {
                // Somebody else creates the same key right now; who wins shows in a moment.
                await Task.Delay(ConflictDelay * attempt, time, cancellationToken);
            }
        }
    }

    private PutObjectRequest Request(string path, byte[] bytes)
    {
        var request = new PutObjectRequest
        {
            BucketName = location.Bucket,
            Key = path,
            InputStream = new MemoryStream(bytes, writable: false),
            // Not Content-Encoding: some clients would then unpack it, and the name still says .gz.
            ContentType = path.EndsWith(".gz", StringComparison.Ordinal) ? "application/gzip" : "application/json",
            IfNoneMatch = "*",
            UseChunkEncoding = false,
        };
        request.Metadata[Digest] = Hash(bytes);
        return request;
    }

    private async Task<PutOutcome> Compare(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        var stored = (await s3.GetObjectMetadataAsync(location.Bucket, path, cancellationToken)).Metadata[Digest]
            ?? await HashStored(path, cancellationToken);
        return stored == Hash(bytes) ? PutOutcome.AlreadyThere : PutOutcome.Different;
    }

    /// <summary>For an object that a copy or a sync tool wrote without our metadata.</summary>
    private async Task<string> HashStored(string path, CancellationToken cancellationToken)
    {
        using var stored = await s3.GetObjectAsync(location.Bucket, path, cancellationToken);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stored.ResponseStream, cancellationToken));
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private string Explain(Exception failure) => S3Failure.Explain(
        failure, location, $"s3:PutObject and s3:GetObject on arn:aws:s3:::{location.Bucket}/{location.Prefix}*");

    /// <summary>
    /// Without <c>Expect: 100-continue</c>, which costs a round trip and, worse, upsets Ceph: after refusing such a PUT
    /// (412) it takes the next request on the connection for the missing body (tracker.ceph.com/issues/58286).
    /// </summary>
    /// <remarks>The SDK finds out by the name of the class what to do with a request, so this name is the SDK's.</remarks>
    private sealed class PutObjectRequest : Amazon.S3.Model.PutObjectRequest
    {
        protected override bool Expect100Continue => false;
    }
}
