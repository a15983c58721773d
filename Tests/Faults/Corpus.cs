using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace ClusterGrains.Tests.Faults;

/// <summary>A version as its producer means it: files of lines, mixed in their compression, and what must arrive of them.</summary>
internal sealed class Corpus
{
    private static readonly string[] Endings = [".ndjson", ".ndjson.gz", ".ndjson.zst"];

    private Corpus(string version) => Version = version;

    public string Version { get; }

    /// <summary>The lines of each file by its name; a test may add some.</summary>
    public SortedDictionary<string, List<byte[]>> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>The documents by their ids, byte for byte. Nothing that is added later is one.</summary>
    public Dictionary<string, byte[]> Documents { get; } = new(StringComparer.Ordinal);

    /// <summary>The first file, which is not compressed.</summary>
    public string Plain => Files.Keys.First(name => name.EndsWith(Endings[0], StringComparison.Ordinal));

    public string Gzip => Files.Keys.First(name => name.EndsWith(Endings[1], StringComparison.Ordinal));

    public string Zstd => Files.Keys.First(name => name.EndsWith(Endings[2], StringComparison.Ordinal));

    /// <param name="padding">Characters that each document has besides.</param>
    public static Corpus Of(string version, int documents, int padding = 0, int files = 3)
    {
        var corpus = new Corpus(version);
        for (var number = 0; number < documents; number++)
        {
            var file = $"part-{number * files / documents:000}{Endings[number * files / documents % Endings.Length]}";
            var line = Document(version, number, padding);
            corpus.Documents[Id(number)] = line;
            if (!corpus.Files.TryGetValue(file, out var lines))
            {
                corpus.Files[file] = lines = [];
            }

            lines.Add(line);
        }

        return corpus;
    }

    public static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"p-{number:0000000}");

    /// <summary>A line that the mapping of <see cref="DatasetWorld"/> does not take, with an id of its own.</summary>
    public static byte[] Poison(string id) => Encoding.UTF8.GetBytes($$"""{"sku":"{{id}}","price":"not a number"}""");

    /// <summary>A file as it lies in the source. Its last line is not ended; one is empty.</summary>
    public byte[] Bytes(string file)
    {
        using var bytes = new MemoryStream();
        using (var text = Compressed(file, bytes))
        {
            var lines = Files[file];
            for (var at = 0; at < lines.Count; at++)
            {
                text.Write(lines[at]);
                text.Write(at == lines.Count - 1 ? [] : at == 1 ? "\r\n\n"u8 : "\n"u8);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>What arrived is this and nothing else.</summary>
    public void AssertArrived(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> arrived)
    {
        Assert.Empty(Documents.Keys.Except(arrived.Keys).Take(10));
        Assert.Empty(arrived.Keys.Except(Documents.Keys).Take(10));
        foreach (var (id, document) in Documents)
        {
            Assert.True(
                arrived[id].Span.SequenceEqual(document),
                $"{id} is {Encoding.UTF8.GetString(arrived[id].Span)} and not {Encoding.UTF8.GetString(document)}");
        }
    }

    private static Stream Compressed(string file, Stream bytes) => Path.GetExtension(file) switch
    {
        ".gz" => new GZipStream(bytes, CompressionLevel.Fastest),
        ".zst" => new ZstdSharp.CompressionStream(bytes, level: 1, leaveOpen: false),
        _ => bytes,
    };

    // Spaces, escapes and numbers as no JSON writer would write them again: only the very bytes are equal.
    private static byte[] Document(string version, int number, int padding) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"price": {{number % 100}}.50,"sku":"{{Id(number)}}",  "version":{{JsonSerializer.Serialize(version)}},"title":"H\u00f6he №{{number}} \/","count":1e{{number % 3}},"filler":"{{new string('x', padding)}}" }"""));
}
