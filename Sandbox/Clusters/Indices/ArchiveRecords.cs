using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>
/// Documents on their way to an archive, and back from it: the id's length, the id, the source's length or -1 for a
/// delete, the source.
/// </summary>
internal sealed class ArchiveRecords
{
    private const int Deleted = -1;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Put(string id, ReadOnlySpan<byte> source)
    {
        Write(id);
        Write(source.Length);
        _bytes.Write(source);
    }

    public void Delete(string id)
    {
        Write(id);
        Write(Deleted);
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
                var id = Encoding.UTF8.GetString(Read(reader, reader.ReadInt32()));
                var length = reader.ReadInt32();
                if (length == Deleted)
                {
                    into.Delete(id);
                }
                else
                {
                    into.Put(id, Read(reader, length), onlyNew: false);
                }

                whole = from.Position;
            }
        }
        catch (EndOfStreamException)
        {
            return whole;
        }
    }

    private static byte[] Read(BinaryReader reader, int length)
    {
        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? bytes : throw new EndOfStreamException();
    }

    private void Write(string id)
    {
        Write(Encoding.UTF8.GetByteCount(id));
        Encoding.UTF8.GetBytes(id, _bytes);
    }

    private void Write(int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(sizeof(int)), number);
        _bytes.Advance(sizeof(int));
    }
}
