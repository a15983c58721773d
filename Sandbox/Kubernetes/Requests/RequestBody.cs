using System.Buffers;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>Reads bodies up to the limit of a real server.</summary>
internal static class RequestBody
{
    /// <summary>
    /// Where the connection is cut. Up to here a body that is too large is read to its end, so that its sender hears why
    /// it is refused.
    /// </summary>
    public const long MaxReceivedBytes = 5 * MaxBytes;

    private const int MaxBytes = 3 * 1024 * 1024;

    /// <exception cref="StatusException">413: more than 3 MiB.</exception>
    public static async Task<byte[]> Read(HttpRequest request)
    {
        using var kept = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            var total = 0L;
            for (int read; (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0; total += read)
            {
                kept.Write(buffer, 0, total + read <= MaxBytes ? read : 0);
            }

            return total <= MaxBytes
                ? kept.ToArray()
                : throw new StatusException(ApiStatus.Failure(
                    413, "RequestEntityTooLarge", $"Request entity too large: limit is {MaxBytes}"));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
