using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace ClusterGrains.Datasets;

/// <summary>Files in a bucket. Needs s3:ListBucket on it and s3:GetObject below the prefix.</summary>
internal sealed class S3SourceStore(IAmazonS3 s3, SourceUri.S3 location, string host, TimeProvider time) : ISourceStore
{
    /// <summary>1,000 names each.</summary>
    private const int MaxPages = 200;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private readonly S3SourceAddress _address = new(host, location.Bucket);

    public string Url { get; } = $"s3://{location.Bucket}/{location.Prefix}";

    public LookBudget Looks { get; } = new(Newest: 50, Others: 250);

    public async IAsyncEnumerable<string> Folders([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in Pages(location.Prefix, "/", cancellationToken))
        {
            foreach (var prefix in page.CommonPrefixes ?? [])
            {
                yield return prefix[location.Prefix.Length..^1];
            }
        }
    }

    public async IAsyncEnumerable<StoredFile> Files(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = $"{location.Prefix}{folder}/";
        await foreach (var page in Pages(prefix, null, cancellationToken))
        {
            // Consoles make "folders" by empty objects that end with a slash.
            foreach (var file in (page.S3Objects ?? []).Where(file => !file.Key.EndsWith('/')))
            {
                yield return new StoredFile(file.Key[prefix.Length..], file.Size ?? 0, Bare(file.ETag));
            }
        }
    }

    public async Task<StoredFile?> Find(string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = await Ask(
                name, token => s3.GetObjectMetadataAsync(location.Bucket, location.Prefix + name, token), cancellationToken);
            return new StoredFile(name, found.ContentLength, Bare(found.ETag));
        }
        catch (DependencyException failure)
            when (failure.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" })
        {
            return null;
        }
    }

    public async Task<Stream> Open(StoredFile file, long fromByte, CancellationToken cancellationToken)
    {
        var bytes = new S3Bytes(this, file, fromByte, time);
        try
        {
            await bytes.Begin(cancellationToken);
            return bytes;
        }
        catch
        {
            await bytes.DisposeAsync();
            throw;
        }
    }

    /// <summary>One request for the rest of a file.</summary>
    /// <exception cref="SourceException">It is another file by now, or gone.</exception>
    public async Task<GetObjectResponse> Get(StoredFile file, long from, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest
        {
            BucketName = location.Bucket,
            Key = location.Prefix + file.Name,
            EtagToMatch = $"\"{file.ETag}\"",

            // Always: of a whole object the SDK takes the ETag for an MD5, which is not so in every store.
            ByteRange = file.Size > 0 ? new ByteRange(from, file.Size - 1) : null,
        };
        GetObjectResponse answer;
        try
        {
            answer = await Ask(file.Name, token => s3.GetObjectAsync(request, token), cancellationToken);
        }
        catch (DependencyException failure) when (failure.InnerException is AmazonS3Exception said)
        {
            throw said switch
            {
                { StatusCode: HttpStatusCode.PreconditionFailed or HttpStatusCode.RequestedRangeNotSatisfiable } =>
                    SourceFailures.Changed(Url + file.Name),
                { ErrorCode: "NoSuchKey" } => SourceFailures.Gone(Url + file.Name),
                _ => failure,
            };
        }

        if (IsRest(answer, file, from) is { } problem)
        {
            answer.Dispose();
            throw problem;
        }

        return answer;
    }

    /// <summary>What a failure while reading means.</summary>
    public DependencyException Unreadable(string name, Exception failure) =>
        SourceFailures.Unreadable(Url + name, Rights, _address, failure);

    private string Rights => $"s3:ListBucket on arn:aws:s3:::{location.Bucket} and s3:GetObject on arn:aws:s3:::{location.Bucket}/{location.Prefix}*";

    private async IAsyncEnumerable<ListObjectsV2Response> Pages(
        string prefix, string? delimiter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = location.Bucket, Prefix = prefix, Delimiter = delimiter };
        for (var pages = 0; pages < MaxPages; pages++)
        {
            var page = await Ask(prefix[location.Prefix.Length..], token => s3.ListObjectsV2Async(request, token), cancellationToken);
            yield return page;
            if (page.IsTruncated is not true)
            {
                yield break;
            }

            request.ContinuationToken = page.NextContinuationToken;
        }

        throw new DependencyException(
            Dependency.Source,
            $"s3://{location.Bucket}/{prefix} holds more than {MaxPages * 1000:N0} names; move what is no longer needed elsewhere.");
    }

    private async Task<T> Ask<T>(string name, Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(AnswerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            // Whatever is thrown here is an answer: of a stranger's XML the SDK makes exceptions of all kinds.
            return await request(either.Token);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreadable(name, failure);
        }
    }

    // Stores that call themselves S3 may pass over If-Match or Range.
    private Exception? IsRest(GetObjectResponse answer, StoredFile file, long from) => answer switch
    {
        _ when Bare(answer.ETag) != file.ETag => SourceFailures.Changed(Url + file.Name),
        _ when file.Size > 0 && answer.HttpStatusCode is not HttpStatusCode.PartialContent => new DependencyException(
            Dependency.Source, $"{Url}{file.Name} cannot be read: the store at {_address.Host} does not know Range."),
        _ when answer.ContentLength != file.Size - from => SourceFailures.Changed(Url + file.Name),
        _ => null,
    };

    private static string Bare(string? etag) => (etag ?? "").Trim('"');
}
