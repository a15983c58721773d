using System.Text;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>Documents on their way to an archive, and back from it: id, length or -1 for a delete, source.</summary>
internal sealed class ArchiveRecords
{
    private const int Deleted = -1;

    private readonly MemoryStream _bytes = new();
    private readonly BinaryWriter _writer;

    public ArchiveRecords() => _writer = new BinaryWriter(_bytes, Encoding.UTF8);

    public ReadOnlySpan<byte> Bytes => _bytes.GetBuffer().AsSpan(0, (int)_bytes.Length);

    public void Put(string id, ReadOnlySpan<byte> source)
    {
        _writer.Write(id);
        _writer.Write(source.Length);
        _writer.Write(source);
    }

    public void Delete(string id)
    {
        _writer.Write(id);
        _writer.Write(Deleted);
    }

    /// <summary>Reads records up to the end, or to one that was cut off by a crash.</summary>
    /// <returns>Where the last whole one ends.</returns>
    public static long Replay(Stream from, DocumentStore into)
    {
        using var reader = new BinaryReader(from, Encoding.UTF8, leaveOpen: true);
        var whole = 0L;
        try
        {
            while (true)
            {
                var id = reader.ReadString();
                var length = reader.ReadInt32();
                var source = length == Deleted ? [] : reader.ReadBytes(length);
                if (length == Deleted)
                {
                    into.Delete(id);
                }
                else if (source.Length == length)
                {
                    into.Put(id, source, onlyNew: false);
                }
                else
                {
                    return whole;
                }

                whole = from.Position;
            }
        }
        catch (EndOfStreamException)
        {
            return whole;
        }
    }
}
