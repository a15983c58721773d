using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ClusterGrains.Datasets.Loading;

/// <summary>
/// The body of one bulk request, and which line each of its documents is. One buffer, rented with the first document
/// and kept from request to request.
/// </summary>
internal sealed class Batch(ArrayPool<byte> pool, int maxBytes)
{
    /// <summary>So that the table of lines stays small beside the body.</summary>
    public const int MaxItems = 5_000;

    private readonly List<Item> _items = [];
    private byte[]? _buffer;
    private int _length;

    private static ReadOnlySpan<byte> Before => "{\"index\":{\"_id\":\""u8;

    private static ReadOnlySpan<byte> After => "\"}}\n"u8;

    /// <summary>What it carries.</summary>
    public Stretch Stretch { get; private set; } = new();

    public int Count => _items.Count;

    public static long SizeOf(int id, int document) => Before.Length + (long)id + After.Length + document + 1;

    /// <summary>False when it is full. An empty one takes whatever fits its buffer.</summary>
    /// <param name="softLimit">In bytes; at most the size of the buffer.</param>
    public bool TryAdd(ReadOnlySpan<byte> id, ReadOnlySpan<byte> document, int file, long line, int softLimit)
    {
        var size = (int)SizeOf(id.Length, document.Length);
        if (_items.Count > 0 && (_items.Count == MaxItems || _length + (long)size > softLimit))
        {
            return false;
        }

        _buffer ??= pool.Rent(maxBytes);
        var free = _buffer.AsSpan(_length, size);
        Before.CopyTo(free);
        free = free[Before.Length..];
        id.CopyTo(free);
        free = free[id.Length..];
        After.CopyTo(free);
        free = free[After.Length..];
        document.CopyTo(free);
        free[^1] = (byte)'\n';
        _items.Add(new Item(_length, size, file, line));
        _length += size;
        return true;
    }

    /// <summary>The documents <paramref name="from"/> and the <paramref name="count"/> − 1 behind it, as a request body.</summary>
    public ReadOnlyMemory<byte> Body(int from, int count)
    {
        var first = _items[from];
        var last = _items[from + count - 1];
        return _buffer.AsMemory(first.Start, last.Start + last.Size - first.Start);
    }

    /// <summary>
    /// Moves the documents at <paramref name="positions"/> (ascending, from <paramref name="from"/> on) to the front of
    /// their range, so that they are a request body again: the first of them is at <paramref name="from"/> then.
    /// </summary>
    public void Gather(int from, List<int> positions)
    {
        var items = CollectionsMarshal.AsSpan(_items);
        var end = items[from].Start;
        for (var kept = 0; kept < positions.Count; kept++)
        {
            var item = items[from + positions[kept]];
            _buffer.AsSpan(item.Start, item.Size).CopyTo(_buffer.AsSpan(end));
            items[from + kept] = item with { Start = end };
            end += item.Size;
        }
    }

    /// <summary>Gives up one document.</summary>
    public void Reject(int index, ImmutableArray<SourceFile> files, int status, string type, string reason)
    {
        var item = _items[index];
        var text = _buffer.AsSpan(item.Start, item.Size);
        var action = text.IndexOf((byte)'\n') + 1;
        var id = Document.Readable(text[Before.Length..(action - After.Length)]);
        var raw = RejectedText.Raw(text[action..^1]);
        Stretch.Reject(
            item.File, new RejectedDocument(files[item.File].Name, item.Line, id, status, type, RejectedText.Reason(reason), raw));
    }

    /// <summary>Makes ready for the next stretch.</summary>
    public void Clear()
    {
        _items.Clear();
        _length = 0;
        Stretch = new Stretch();
    }

    public void Release()
    {
        if (_buffer is not null)
        {
            pool.Return(_buffer);
            _buffer = null;
        }
    }

    private readonly record struct Item(int Start, int Size, int File, long Line);
}
