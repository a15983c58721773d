using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>The body of one request, decompressed, in a buffer that is given back.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary><c>http.max_content_length</c>; what is counted is uncompressed.</summary>
    private const int MostBytes = 100 << 20;

    private byte[] _buffer = [];
    private int _length;

    private RequestBody()
    {
    }

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>How much there was when that was too much; 0 when it was not.</summary>
    public long TooMuch { get; private set; }

    /// <summary>Whether the compression is broken.</summary>
    public bool IsBroken { get; private set; }

    public static async Task<RequestBody> Read(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = new RequestBody();
        // Anything but gzip is taken as it is, and then makes no sense.
        if (request.Headers.ContentEncoding == "gzip")
        {
            await using var unzipped = new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true);
            try
            {
                await body.Fill(unzipped, expected: 4 * (request.ContentLength ?? 0), cancellationToken);
            }
            catch (InvalidDataException)
            {
                body.IsBroken = true;
            }
        }
        else
        {
            await body.Fill(request.Body, request.ContentLength ?? 0, cancellationToken);
        }

        return body;
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private async Task Fill(Stream stream, long expected, CancellationToken cancellationToken)
    {
        Grow((int)Math.Clamp(expected + 1, 1024, MostBytes + 1));
        int read;
        while ((read = await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken)) > 0)
        {
            _length += read;
            if (_length > MostBytes)
            {
                TooMuch = Math.Max(_length, expected);
                _length = 0;
                return;
            }

            if (_length == _buffer.Length)
            {
                Grow(Math.Min(2 * _length, MostBytes + 1));
            }
        }
    }

    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Dispose();
        _buffer = larger;
    }
}
