using System.Globalization;
using System.IO.Compression;
using System.Text;
using ZstdSharp;

namespace ClusterGrains.Sandbox.Datasets;

/// <summary>The folder in which versions of the products appear.</summary>
internal static class ProductsFolder
{
    public const int Documents = 20_000;

    private const int PerFile = 5_000;
    private const string Marker = "_SUCCESS";

    private static readonly string[] Materials = ["Cotton", "Leather", "Linen", "Steel", "Wooden", "Woollen"];
    private static readonly string[] Things = ["bag", "chair", "coat", "hat", "lamp", "shirt", "shoes", "table"];

    /// <summary>The oldest complete version; null for none.</summary>
    public static string? Oldest(string folder) => !Directory.Exists(folder)
        ? null
        : Directory.EnumerateDirectories(folder)
            .Where(version => File.Exists(Path.Combine(version, Marker)))
            .Select(version => Path.GetFileName(version))
            .Where(name => name[0] is not ('.' or '_'))
            .Min(StringComparer.Ordinal);

    /// <summary>
    /// A first version, unless there is one: files of every kind, the marker last. It appears as a whole.
    /// </summary>
    public static async Task Begin(string folder, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Oldest(folder) is not null)
        {
            return;
        }

        var version = now.UtcDateTime.ToString("yyyy-MM-dd'T'HHmmss", CultureInfo.InvariantCulture);
        var making = Path.Combine(folder, $".{version}");
        Directory.CreateDirectory(making);
        Func<Stream, Stream>[] kinds =
        [
            file => file,
            file => new GZipStream(file, CompressionLevel.Fastest),
            file => new CompressionStream(file),
        ];
        string[] endings = ["", ".gz", ".zst"];
        for (var number = 0; number < Documents / PerFile; number++)
        {
            var kind = number % kinds.Length;
            var name = string.Create(CultureInfo.InvariantCulture, $"products-{number + 1}.ndjson{endings[kind]}");
            await using var file = File.Create(Path.Combine(making, name));
            await using var text = kinds[kind](file);
            await text.WriteAsync(Lines(number * PerFile, now), cancellationToken);
        }

        await File.WriteAllBytesAsync(Path.Combine(making, Marker), [], cancellationToken);
        Directory.Move(making, Path.Combine(folder, version));
    }

    private static byte[] Lines(int first, DateTimeOffset now)
    {
        var lines = new StringBuilder();
        for (var number = first; number < first + PerFile; number++)
        {
            var thing = Things[number % Things.Length];
            var added = now.UtcDateTime.Date.AddDays(-(number % 1000));
            lines.Append(
                CultureInfo.InvariantCulture,
                $$"""{"sku":"p-{{number:00000}}","title":"{{Materials[number / Things.Length % Materials.Length]}} {{thing}}","category":"{{thing}}","price":{{5 + (number % 9000 / 100.0)}},"stock":{{number % 37}},"added":"{{added:yyyy-MM-dd}}"}""");
            lines.Append('\n');
        }

        return Encoding.UTF8.GetBytes(lines.ToString());
    }
}
