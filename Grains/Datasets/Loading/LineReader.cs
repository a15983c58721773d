using System.Buffers;

namespace ClusterGrains.Datasets.Loading;

/// <summary>
/// Cuts streams into lines, in place. Its buffer grows to the longest line it is asked for and no further: of a longer
/// one it keeps the beginning and counts the rest.
/// </summary>
internal sealed class LineReader(ArrayPool<byte> pool, int longest) : IDisposable
{
    private const int FirstBuffer = 256 << 10;

    private byte[] _buffer = pool.Rent(Math.Min(FirstBuffer, longest));
    private readonly byte[] _head = new byte[RejectedText.MaxBytes];
    private Stream _text = Stream.Null;
    private int _start;
    private int _end;
    private int _scanned;
    private int _length;
    private int _headLength;
    private long _dropped;
    private bool _ended;

    public void Open(Stream text)
    {
        _text = text;
        (_start, _end, _scanned, _length, _dropped, _ended) = (0, 0, 0, 0, 0, false);
    }

    /// <summary>The next line among what has been read; false when more must be read first.</summary>
    public bool TryPeek(out Line line)
    {
        var rest = _buffer.AsSpan(_start, _end - _start);
        var at = rest[_scanned..].IndexOf((byte)'\n');
        if (at < 0)
        {
            _scanned = rest.Length;
            if (!_ended || (rest.IsEmpty && _dropped == 0))
            {
                line = default;
                return false;
            }
        }

        _length = at < 0 ? rest.Length : _scanned + at + 1;
        line = _dropped > 0
            ? new Line(_head.AsSpan(0, _headLength), _dropped + _length, tooLong: true)
            : new Line(WithoutEnd(rest[.._length]), _length, tooLong: false);
        return true;
    }

    /// <summary>Goes on behind the line that was peeked at.</summary>
    public void Advance()
    {
        _start += _length;
        (_scanned, _dropped) = (0, 0);
    }

    /// <summary>Reads on. False when the stream has ended and all its lines have been read.</summary>
    public async ValueTask<bool> Fill(CancellationToken cancellationToken)
    {
        if (_ended)
        {
            return false;
        }

        MakeRoom();
        var read = await _text.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _ended = read == 0;
        return !_ended || _end > _start || _dropped > 0;
    }

    public void Dispose()
    {
        pool.Return(_buffer);
        _buffer = [];
    }

    private static ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> line)
    {
        line = line is [.., (byte)'\n'] ? line[..^1] : line;
        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        if (_buffer.Length < longest)
        {
            Grow();
        }
        else
        {
            Drop();
        }
    }

    private void Grow()
    {
        var larger = pool.Rent((int)Math.Min(2L * _buffer.Length, longest));
        _buffer.AsSpan(0, _end).CopyTo(larger);
        pool.Return(_buffer);
        _buffer = larger;
    }

    private void Drop()
    {
        if (_dropped == 0)
        {
            _headLength = Math.Min(_head.Length, _end);
            _buffer.AsSpan(0, _headLength).CopyTo(_head);
        }

        _dropped += _end;
        (_end, _scanned) = (0, 0);
    }
}
