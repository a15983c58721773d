using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace ClusterGrains.Datasets;

/// <summary>
/// Decompresses gzip, any number of members, and ends only where a member ends as it says. The framework's own stream
/// ends silently where a file was cut off, and passes over whatever follows a member.
/// </summary>
internal sealed class GzipText(Stream source) : ForwardStream
{
    private const int BufferSize = 128 * 1024;
    private const int TrailerSize = 8;

    private readonly GzipWindow _window = new(source, BufferSize);
    private readonly Crc32 _crc = new();
    private DeflateStream? _member;
    private uint _length;
    private bool _any;

    /// <exception cref="InvalidDataException">Not gzip, broken, or cut off.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty && (_member is not null || await BeginMember(cancellationToken)))
        {
            var read = await _member!.ReadAsync(buffer, cancellationToken);
            if (read > 0)
            {
                _crc.Append(buffer.Span[..read]);
                _length += (uint)read;
                return read;
            }

            await EndMember(cancellationToken);
        }

        return 0;
    }

    public override async ValueTask DisposeAsync()
    {
        _window.Release();
        await source.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <returns>False at the end of the file.</returns>
    private async ValueTask<bool> BeginMember(CancellationToken cancellationToken)
    {
        var first = await _window.NextByte(cancellationToken);
        while (_any && first == 0)
        {
            // Tapes and block devices pad with zeros; gzip allows it.
            first = await _window.NextByte(cancellationToken);
        }

        if (_any && first < 0)
        {
            return false;
        }

        await SkipHeader(first >= 0 ? first : throw CutOff(), cancellationToken);
        (_any, _length) = (true, 0);
        _crc.Reset();
        _member = new DeflateStream(_window, CompressionMode.Decompress, leaveOpen: true);
        return true;
    }

    private async ValueTask SkipHeader(int first, CancellationToken cancellationToken)
    {
        const int extra = 4, name = 8, comment = 16, check = 2, reserved = 0xe0;
        if (first != 0x1f || await Byte(cancellationToken) != 0x8b || await Byte(cancellationToken) != 8)
        {
            throw new InvalidDataException(_any ? "something that is not gzip follows the compressed data" : "this is not gzip");
        }

        var flags = await Byte(cancellationToken);
        await Skip(6, cancellationToken);
        if ((flags & reserved) != 0)
        {
            throw new InvalidDataException("this is no gzip that anybody knows");
        }

        if ((flags & extra) != 0)
        {
            await Skip(await Byte(cancellationToken) + (await Byte(cancellationToken) << 8), cancellationToken);
        }

        foreach (var text in new[] { name, comment })
        {
            while ((flags & text) != 0 && await Byte(cancellationToken) != 0)
            {
            }
        }

        await Skip((flags & check) != 0 ? 2 : 0, cancellationToken);
    }

    private async ValueTask Skip(int count, CancellationToken cancellationToken)
    {
        for (; count > 0; count--)
        {
            await Byte(cancellationToken);
        }
    }

    private async ValueTask<int> Byte(CancellationToken cancellationToken) =>
        await _window.NextByte(cancellationToken) is >= 0 and var next ? next : throw CutOff();

    /// <summary>
    /// Finds the trailer that this member must have. Nobody says how much of the window the decompressor took, but it ends
    /// in the last piece that it was given, and 64 bits of checksum and length are not there by chance.
    /// </summary>
    private async ValueTask EndMember(CancellationToken cancellationToken)
    {
        await _member!.DisposeAsync();
        _member = null;
        var trailer = new byte[TrailerSize];
        _crc.GetCurrentHash(trailer);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(4), _length);
        if (!await _window.TakeThrough(trailer, cancellationToken))
        {
            throw _window.IsAtEnd ? CutOff() : new InvalidDataException("its checksum is wrong");
        }
    }

    private static InvalidDataException CutOff() => new("it is cut off");
}
