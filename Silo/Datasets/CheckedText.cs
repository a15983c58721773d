using System.Runtime.InteropServices;
using ZstdSharp;

namespace ClusterGrains.Datasets;

/// <summary>Says of a decompressor's failures which file it is, and what to do.</summary>
internal sealed class CheckedText(string name, string format, Stream text) : ForwardStream
{
    private bool _any;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await text.ReadAsync(buffer, cancellationToken);
            _any |= read > 0;
            return read;
        }
        catch (InvalidDataException broken)
        {
            throw Corrupt(broken.Message, broken);
        }
        catch (EndOfStreamException cutOff)
        {
            throw Corrupt("it is cut off", cutOff);
        }
        catch (Exception broken) when (broken is ZstdException or ExternalException)
        {
            throw Corrupt(broken.Message, broken);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await text.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>For a decompressor that takes nothing at all for a file.</summary>
    public static SourceException Empty(string name) => Corrupt(name, "zstd", "it has no bytes", null, isFormatClear: true);

    private SourceException Corrupt(string what, Exception cause) => Corrupt(name, format, what, cause, _any);

    private static SourceException Corrupt(string name, string format, string what, Exception? cause, bool isFormatClear) => new(
        DatasetCodes.SourceCorrupt,
        $"{name} cannot be decompressed as {format}: {what.TrimEnd('.')}. Write the file anew, and its marker after it"
        + (isFormatClear ? "." : "; or set spec.source.format to what it is."),
        cause);
}
