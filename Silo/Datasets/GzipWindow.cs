using System.Buffers;

namespace ClusterGrains.Datasets;

/// <summary>The bytes under a decompressor, with a memory of the last piece that it was given.</summary>
internal sealed class GzipWindow(Stream source, int size) : ForwardStream
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(size);
    private int _given;
    private int _start;
    private int _end;
    private bool _sourceEnded;

    /// <summary>Whether all there is was given.</summary>
    public bool IsAtEnd => _sourceEnded && _start == _end;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start == _end && !await Fill(_end, cancellationToken))
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsMemory(_start, count).CopyTo(buffer);
        (_given, _start) = (_start, _start + count);
        return count;
    }

    /// <returns>-1 at the end.</returns>
    public async ValueTask<int> NextByte(CancellationToken cancellationToken)
    {
        if (_start == _end && !await Fill(_end, cancellationToken))
        {
            return -1;
        }

        _given = _start + 1;
        return _buffer[_start++];
    }

    /// <summary>Goes on behind the first such bytes that begin in, or right after, the last piece. False when there are none.</summary>
    public async ValueTask<bool> TakeThrough(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (_end - _start < bytes.Length && await Fill(_given, cancellationToken))
        {
        }

        var reach = Math.Min(_end, _start + bytes.Length);
        var found = _buffer.AsSpan(_given..reach).IndexOf(bytes.Span);
        if (found < 0)
        {
            return false;
        }

        _start = _given + found + bytes.Length;
        _given = _start;
        return true;
    }

    /// <summary>Gives the buffer back; nothing may be read any more.</summary>
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        (_given, _start, _end, _sourceEnded) = (0, 0, 0, true);
    }

    /// <summary>Reads on, keeping what lies from <paramref name="keep"/> on. False at the end; the last piece is still there then.</summary>
    private async ValueTask<bool> Fill(int keep, CancellationToken cancellationToken)
    {
        var kept = _end - keep;
        if (kept > 0)
        {
            _buffer.AsSpan(keep, kept).CopyTo(_buffer);
            (_given, _start, _end) = (_given - keep, _start - keep, kept);
        }

        var read = _sourceEnded ? 0 : await source.ReadAsync(_buffer.AsMemory(kept), cancellationToken);
        if (read == 0)
        {
            _sourceEnded = true;
            return false;
        }

        if (kept == 0)
        {
            (_given, _start) = (0, 0);
        }

        _end = kept + read;
        return true;
    }
}
