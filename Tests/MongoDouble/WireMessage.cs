using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>One request on a connection: OP_MSG, or the OP_QUERY that every driver opens with.</summary>
internal sealed class WireMessage
{
    private const int HeaderBytes = 16;
    private const int LargestMessage = 48_000_000;
    private const int OpReply = 1;
    private const int OpQuery = 2004;
    private const int OpMsg = 2013;
    private const uint ChecksumPresent = 1;

    private readonly int _id;
    private readonly int _kind;

    private WireMessage(byte[] header, byte[] body)
    {
        _id = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4));
        _kind = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12));
        Command = _kind switch
        {
            OpQuery => Query(body),
            OpMsg => Message(body),
            _ => throw new InvalidDataException($"Messages of kind {_kind} are not understood."),
        };
    }

    public BsonDocument Command { get; }

    /// <summary>Null when the client has closed the connection.</summary>
    public static async Task<WireMessage?> Read(Stream stream, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderBytes];
        if (await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellationToken) < HeaderBytes)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is < HeaderBytes or > LargestMessage)
        {
            throw new InvalidDataException($"A message of {length} bytes.");
        }

        var body = new byte[length - HeaderBytes];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return new WireMessage(header, body);
    }

    public byte[] Answer(BsonDocument answer)
    {
        using var message = new MemoryStream();
        using var writer = new BinaryWriter(message);
        writer.Write(0);
        writer.Write(0);
        writer.Write(_id);
        if (_kind == OpQuery)
        {
            // Flags, cursor, first document, number of documents.
            writer.Write(OpReply);
            writer.Write(8);
            writer.Write(0L);
            writer.Write(0);
            writer.Write(1);
        }
        else
        {
            // Flags, and one section that is a document.
            writer.Write(OpMsg);
            writer.Write(0);
            writer.Write((byte)0);
        }

        writer.Write(answer.ToBson());
        writer.Seek(0, SeekOrigin.Begin);
        writer.Write((int)message.Length);
        return message.ToArray();
    }

    // Flags, "admin.$cmd", how many to skip and to return, the command.
    private static BsonDocument Query(byte[] body)
    {
        using var reader = new MemoryStream(body);
        reader.Position = 4;
        var name = ReadName(reader);
        reader.Position += 8;
        var command = BsonSerializer.Deserialize<BsonDocument>(reader);
        return name.EndsWith(".$cmd", StringComparison.Ordinal)
            ? command.Add("$db", name[..^".$cmd".Length])
            : throw new InvalidDataException($"A query of '{name}' in a message of the old kind.");
    }

    private static BsonDocument Message(byte[] body)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(body);
        if ((flags & ~ChecksumPresent & 0xffff) != 0)
        {
            throw new InvalidDataException($"Message flags {flags:x}: a write that wants no answer is not understood.");
        }

        var end = body.Length - ((flags & ChecksumPresent) == 0 ? 0 : 4);
        using var reader = new MemoryStream(body, 0, end);
        reader.Position = 4;
        var command = new BsonDocument();
        var sequences = new BsonDocument();
        while (reader.Position < end)
        {
            switch (reader.ReadByte())
            {
                case 0:
                    command = BsonSerializer.Deserialize<BsonDocument>(reader);
                    break;
                case 1:
                    ReadSequence(reader, sequences);
                    break;
                case var section:
                    throw new InvalidDataException($"A section of kind {section}.");
            }
        }

        return command.AddRange(sequences);
    }

    /// <summary>Its length, the name of the field it stands for, its documents.</summary>
    private static void ReadSequence(MemoryStream reader, BsonDocument sequences)
    {
        Span<byte> length = stackalloc byte[4];
        var end = reader.Position;
        reader.ReadExactly(length);
        end += BinaryPrimitives.ReadInt32LittleEndian(length);
        var name = ReadName(reader);
        var documents = new BsonArray();
        while (reader.Position < end)
        {
            documents.Add(BsonSerializer.Deserialize<BsonDocument>(reader));
        }

        sequences.Add(name, documents);
    }

    private static string ReadName(MemoryStream reader)
    {
        var name = new List<byte>();
        for (var next = reader.ReadByte(); next > 0; next = reader.ReadByte())
        {
            name.Add((byte)next);
        }

        return Encoding.UTF8.GetString([.. name]);
    }
}
