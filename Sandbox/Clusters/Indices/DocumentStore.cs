using System.Runtime.InteropServices;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>
/// The documents of one index, as the bytes that came. Compact: a million small ones take little more than their bytes
/// and ids. Safe to use from several requests at once.
/// </summary>
internal sealed class DocumentStore
{
    private const int ChunkBytes = 1 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly List<byte[]> _chunks = [];
    private int _chunk = -1;
    private int _used = ChunkBytes;
    private long _sequence;
    private long _refreshed;
    private long _visible;
    private long _bytes;

    /// <summary>Of all sources that are kept, replaced ones too.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>All there are, whether searches see them already or not.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>How many searches see.</summary>
    public long Visible => Interlocked.Read(ref _visible);

    /// <summary>Adds or replaces. The version, or 0 for a document that was there already although only a new one will do.</summary>
    public Written Put(string id, ReadOnlySpan<byte> source, bool onlyNew)
    {
        lock (_lock)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, id, out var exists);
            entry.Received++;
            if (exists && onlyNew)
            {
                return new Written(0, Created: false, _sequence);
            }

            // Sent again is everyday; it must not fill the memory.
            if (!exists || !Source(entry).SequenceEqual(source))
            {
                (entry.Chunk, entry.Offset) = Append(source);
                entry.Length = source.Length;
            }

            entry.Version++;
            _sequence++;
            entry.Born = exists ? entry.Born : _sequence;
            return new Written(entry.Version, !exists, _sequence - 1);
        }
    }

    /// <summary>False when there is none.</summary>
    public bool Delete(string id)
    {
        lock (_lock)
        {
            _sequence++;
            return _entries.Remove(id);
        }
    }

    /// <summary>From now on searches see everything that is there now.</summary>
    public void Refresh()
    {
        lock (_lock)
        {
            _refreshed = _sequence;
            Interlocked.Exchange(ref _visible, _entries.Count);
        }
    }

    public StoredDocument? Find(string id)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(id, out var entry) ? Show(id, entry) : null;
        }
    }

    /// <summary>All there are at this moment, or only those that searches see.</summary>
    public IReadOnlyList<StoredDocument> All(bool onlyVisible = false)
    {
        lock (_lock)
        {
            var all = new List<StoredDocument>(_entries.Count);
            foreach (var (id, entry) in _entries)
            {
                if (!onlyVisible || entry.Born <= _refreshed)
                {
                    all.Add(Show(id, entry));
                }
            }

            return all;
        }
    }

    private (int Chunk, int Offset) Append(ReadOnlySpan<byte> source)
    {
        Interlocked.Add(ref _bytes, source.Length);
        if (source.Length > ChunkBytes / 4)
        {
            _chunks.Add(source.ToArray());
            return (_chunks.Count - 1, 0);
        }

        if (_used + source.Length > ChunkBytes)
        {
            _chunks.Add(new byte[ChunkBytes]);
            (_chunk, _used) = (_chunks.Count - 1, 0);
        }

        var offset = _used;
        source.CopyTo(_chunks[_chunk].AsSpan(offset));
        _used += source.Length;
        return (_chunk, offset);
    }

    private ReadOnlySpan<byte> Source(Entry entry) => _chunks[entry.Chunk].AsSpan(entry.Offset, entry.Length);

    private StoredDocument Show(string id, Entry entry) =>
        new(id, _chunks[entry.Chunk].AsMemory(entry.Offset, entry.Length), entry.Version, entry.Received);

    private struct Entry
    {
        public int Chunk;
        public int Offset;
        public int Length;
        public int Version;
        public int Received;

        /// <summary>Sequence number of its first write.</summary>
        public long Born;
    }
}

/// <param name="Version">0 when it was not written.</param>
internal readonly record struct Written(int Version, bool Created, long Sequence);

/// <summary>One document, byte for byte as it came last.</summary>
/// <param name="Received">How many bulk items brought it, those that were refused as conflicts too.</param>
internal readonly record struct StoredDocument(string Id, ReadOnlyMemory<byte> Source, int Version, int Received);
