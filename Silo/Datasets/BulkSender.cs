using System.Buffers;
using ClusterGrains.Clusters;
using Microsoft.Extensions.ObjectPool;

namespace ClusterGrains.Datasets;

/// <summary>Sends bulk requests; whatever becomes of one is a value.</summary>
internal sealed class BulkSender(IndexConnection connection)
{
    /// <summary>A cluster that wants a longer pause will say so again.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromMinutes(5);

    private readonly DefaultObjectPool<ArrayBufferWriter<byte>> _buffers = new(new Buffers(), maximumRetained: 64);
    private readonly BulkAnswers _answers = new(connection.Redact);

    public async Task<BulkAnswer> Send(
        string alias, ReadOnlyMemory<byte> body, int items, CancellationToken cancellationToken)
    {
        var request = IndexRequests.Bulk(alias, body);
        var buffer = _buffers.Get();
        try
        {
            return await connection.Send(
                request, (_, response, cancel) => Read(request, response, buffer, items, cancel), cancellationToken);
        }
        catch (DependencyException failure)
        {
            return new BulkAnswer(BulkResult.Busy, [], Reason: failure.Message);
        }
        finally
        {
            _buffers.Return(buffer);
        }
    }

    private async Task<BulkAnswer> Read(
        IndexRequest request, HttpResponseMessage response, ArrayBufferWriter<byte> buffer, int items, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            return await Refused(request, response, cancellationToken);
        }

        // What is said of half as many items is half as long.
        if (!await CappedBody.Read(response.Content, request.MaxBytes, buffer, cancellationToken))
        {
            return new BulkAnswer(BulkResult.TooLarge, [], Reason: $"The answer is over {ByteText.Of(request.MaxBytes)}.");
        }

        return _answers.Read(buffer.WrittenSpan, items)
            ?? new BulkAnswer(BulkResult.Busy, [], Reason: $"The answer to {request} does not say what became of {items} items.");
    }

    private async Task<BulkAnswer> Refused(
        IndexRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var error = await connection.Error(response, cancellationToken);
        var result = error.Status == 413 ? BulkResult.TooLarge : error.Meaning;
        return new BulkAnswer(result, [], RetryAfter(response), $"{request} was answered with {error}.");
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter;
        if ((asked?.Delta ?? (asked?.Date - connection.Now)) is not { } pause)
        {
            return null;
        }

        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause > MaxRetryAfter ? MaxRetryAfter : pause;
    }

    private sealed class Buffers : PooledObjectPolicy<ArrayBufferWriter<byte>>
    {
        /// <summary>An answer without failures is some 25 bytes per item; a buffer that grew over this is not kept.</summary>
        private const int MaxKept = 1 << 20;

        public override ArrayBufferWriter<byte> Create() => new(64 * 1024);

        public override bool Return(ArrayBufferWriter<byte> buffer)
        {
            buffer.ResetWrittenCount();
            return buffer.Capacity <= MaxKept;
        }
    }
}
