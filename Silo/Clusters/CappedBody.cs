using System.Buffers;

namespace ClusterGrains.Clusters;

/// <summary>Reads bodies that strangers send.</summary>
internal static class CappedBody
{
    private const int Chunk = 16 * 1024;

    /// <summary>The body, decompressed; null when it is longer than <paramref name="maxBytes"/>.</summary>
    public static async Task<ReadOnlyMemory<byte>?> Read(
        HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(Chunk);
        if (!await Read(content, maxBytes, body, cancellationToken))
        {
            return null;
        }

        return body.WrittenMemory;
    }

    /// <summary>Into a buffer of the caller's; false when the body is longer.</summary>
    public static async Task<bool> Read(
        HttpContent content, int maxBytes, ArrayBufferWriter<byte> body, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes)
        {
            return false;
        }

        // Counted while reading, after decompression: a small body can decompress to anything.
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        while (await stream.ReadAsync(body.GetMemory(Chunk), cancellationToken) is > 0 and var read)
        {
            body.Advance(read);
            if (body.WrittenCount > maxBytes)
            {
                return false;
            }
        }

        return true;
    }
}
