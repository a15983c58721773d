using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ClusterGrains.Datasets;

/// <summary>From the bytes of a file to its text.</summary>
internal static class SourceTexts
{
    private const int BufferSize = 128 * 1024;

    // What `zstd` itself takes without being asked: 128 MiB of memory.
    private const int MaxZstdWindowLog = 27;

    /// <param name="name">For messages: the version and the file.</param>
    /// <param name="bytes">From the file's beginning, or of a plain one from <paramref name="fromByte"/> on. Owned from now on.</param>
    public static async Task<SourceText> Open(
        string name, SourceFile file, Stream bytes, long fromByte, CancellationToken cancellationToken)
    {
        var counted = new CountedBytes(bytes, file.Format is DataFormat.Plain ? fromByte : 0);
        Stream? text = null;
        try
        {
            text = Decompress(name, file, counted);
            if (file.Format is not DataFormat.Plain)
            {
                await Skip(text, fromByte, cancellationToken);
            }

            return new SourceText(text, () => counted.Count);
        }
        catch
        {
            await (text ?? counted).DisposeAsync();
            throw;
        }
    }

    private static Stream Decompress(string name, SourceFile file, Stream bytes) => file.Format switch
    {
        DataFormat.Gzip => new CheckedText(name, "gzip", new GzipText(bytes)),
        DataFormat.Zstd => new CheckedText(name, "zstd", file.Size > 0 ? Zstd(bytes) : throw CheckedText.Empty(name)),
        _ => bytes,
    };

    private static DecompressionStream Zstd(Stream bytes)
    {
        var text = new DecompressionStream(bytes, BufferSize, checkEndOfStream: true, leaveOpen: false);
        text.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxZstdWindowLog);
        return text;
    }

    private static async Task Skip(Stream text, long count, CancellationToken cancellationToken)
    {
        var scratch = new byte[BufferSize];
        while (count > 0)
        {
            var read = await text.ReadAsync(scratch.AsMemory(0, (int)Math.Min(count, scratch.Length)), cancellationToken);
            count = read > 0 ? count - read : 0;
        }
    }
}
