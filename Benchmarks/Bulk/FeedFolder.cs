using System.Globalization;
using System.IO.Compression;
using System.Text;
using ClusterGrains.Datasets;
using ZstdSharp;

namespace ClusterGrains.Benchmarks.Bulk;

/// <summary>Writes a version of products that looks like data: fields of several types, prose, and an id.</summary>
internal static class FeedFolder
{
    private static readonly string[] Words =
        ["linen", "summer", "dress", "blue", "für", "Größe", "cotton", "leather", "shoe", "soft", "wide", "light", "with", "and", "of", "4€"];

    /// <summary>How many documents it wrote.</summary>
    public static async Task<long> Write(string folder, BulkPlan plan, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(7);
        var documents = 0L;
        for (var file = 0; file < plan.Files; file++)
        {
            await using var stream = Open(Path.Combine(folder, $"part-{file:000}.ndjson"), plan.Format);
            for (var left = plan.Bytes / plan.Files; left > 0;)
            {
                var line = Encoding.UTF8.GetBytes(Document(documents++, plan.DocumentBytes, random));
                await stream.WriteAsync(line, cancellationToken);
                left -= line.Length;
            }
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "_SUCCESS"), "", cancellationToken);
        return documents;
    }

    private static Stream Open(string path, DataFormat format) => format switch
    {
        DataFormat.Gzip => new GZipStream(File.Create(path + ".gz"), CompressionLevel.Fastest),
        DataFormat.Zstd => new CompressionStream(File.Create(path + ".zst"), leaveOpen: false),
        _ => File.Create(path, 1 << 20),
    };

    private static string Document(long number, int bytes, Random random)
    {
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{{\"sku\":\"SKU-{number:00000000}\",\"price\":{random.Next(99_999) / 100m},\"stock\":{random.Next(500)},")
            .Append(CultureInfo.InvariantCulture, $"\"sale\":{(random.Next(2) == 0 ? "true" : "false")},\"sizes\":[36,38,40],\"brand\":{{\"id\":{random.Next(900)},\"name\":\"Ä & B\"}},\"text\":\"");
        while (text.Length < bytes - 5)
        {
            text.Append(Words[random.Next(Words.Length)]).Append(random.Next(12) == 0 ? "\\n" : " ");
        }

        return text.Append("\"}\n").ToString();
    }
}
