using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace ClusterGrains.Datasets;

/// <summary>
/// The bytes of one object. A connection that breaks or stalls is replaced by one that goes on where it broke; whoever
/// decompresses above never notices.
/// </summary>
internal sealed class S3Bytes(S3SourceStore store, StoredFile file, long from, TimeProvider time) : ForwardStream
{
    /// <summary>In a row without a single byte; about 8 s of pauses.</summary>
    private const int MaxFailures = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(30);

    private long _position = from;
    private GetObjectResponse? _answer;
    private int _failures;

    /// <summary>Makes sure that it is there, and still the same.</summary>
    public async Task Begin(CancellationToken cancellationToken)
    {
        while (_answer is null && (_position < file.Size || file.Size == 0))
        {
            await Try(
                async token =>
                {
                    _answer = await store.Get(file, _position, token);
                    return 0;
                },
                cancellationToken);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_position < file.Size && !buffer.IsEmpty)
        {
            await Begin(cancellationToken);
            var read = await Try(token => Read(buffer, token), cancellationToken);
            if (read > 0)
            {
                _position += read;
                _failures = 0;
                return read;
            }
        }

        return 0;
    }

    public override async ValueTask DisposeAsync()
    {
        _answer?.Dispose();
        await base.DisposeAsync();
    }

    private async Task<int> Read(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var stall = new CancellationTokenSource(StallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
        try
        {
            var read = await _answer!.ResponseStream.ReadAsync(buffer, either.Token);
            return read > 0 ? read : throw new IOException("The connection ended before the file did.");
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw store.Unreadable(file.Name, failure);
        }
    }

    /// <returns>0 after a pause that follows a failure.</returns>
    private async Task<int> Try(Func<CancellationToken, Task<int>> attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await attempt(cancellationToken);
        }
        catch (DependencyException failure) when (++_failures < MaxFailures && IsPassing(failure))
        {
            _answer?.Dispose();
            _answer = null;
            await Task.Delay(FirstPause * (1 << (_failures - 1)), time, cancellationToken);
            return 0;
        }
    }

    // What the store said about the request itself it will say again.
    private static bool IsPassing(DependencyException failure) => failure.InnerException is not AmazonS3Exception said
        || said.StatusCode is < HttpStatusCode.Ambiguous or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
}
