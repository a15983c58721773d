using System.Globalization;
using System.IO.Compression;
using System.Text;
using Amazon.S3.Model;
using ClusterGrains.History;

namespace ClusterGrains.Benchmarks.Rollout;

/// <summary>Versions as a producer writes them. A document follows from its version and number, so none has to be kept.</summary>
internal sealed class Feed(RolloutPlan plan, string folder)
{
    private static readonly string[] Endings = [".ndjson", ".ndjson.gz", ".ndjson.zst"];

    /// <summary>The dataset's <c>spec.source</c>, as YAML in one line.</summary>
    public string Source => plan.S3 is { } s3
        ? $$"""{uri: "{{s3.Uri}}", idField: sku, s3: {endpoint: "{{s3.Endpoint}}" }, secretRef: {name: feed} }"""
        : $$"""{uri: "file://{{folder}}", idField: sku }""";

    public static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"p-{number:00000000}");

    /// <summary>Its bytes, with spaces and escapes that no JSON writer would write again.</summary>
    public static byte[] Document(string version, int number) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"sku":"{{Id(number)}}", "version":"{{version}}","price": {{number % 1000}}.50,"title":"Sh\u00f6e {{number * 7919L % 1000003}} \/ №{{number % 97}}","stock":1e{{number % 4}} }"""));

    /// <summary>Files first, the marker last. How many bytes they have as they lie there.</summary>
    public async Task<long> Publish(string version, int documents, CancellationToken cancellationToken)
    {
        var local = Directory.CreateDirectory(Path.Combine(folder, version)).FullName;
        var bytes = 0L;
        for (var file = 0; file < plan.Files; file++)
        {
            var path = Path.Combine(local, string.Create(CultureInfo.InvariantCulture, $"part-{file:000}{Endings[file % Endings.Length]}"));
            var (from, to) = ((int)((long)documents * file / plan.Files), (int)((long)documents * (file + 1) / plan.Files));
            await using (var text = new BufferedStream(Compressed(path), 1 << 16))
            {
                for (var number = from; number < to; number++)
                {
                    text.Write(Document(version, number));
                    text.WriteByte((byte)'\n');
                }
            }

            bytes += new FileInfo(path).Length;
        }

        await File.WriteAllBytesAsync(Path.Combine(local, "_SUCCESS"), [], cancellationToken);
        if (plan.S3 is { } s3)
        {
            await Upload(s3, version, local, cancellationToken);
        }

        return bytes;
    }

    private static Stream Compressed(string path)
    {
        var file = File.Create(path);
        return Path.GetExtension(path) switch
        {
            ".gz" => new GZipStream(file, CompressionLevel.Fastest),
            ".zst" => new ZstdSharp.CompressionStream(file, level: 3, leaveOpen: false),
            _ => file,
        };
    }

    private static async Task Upload(S3Target target, string version, string local, CancellationToken cancellationToken)
    {
        var uri = new Uri(target.Uri);
        using var client = S3Client.Create(
            new HistoryS3Options { ServiceUrl = target.Endpoint, AccessKey = target.AccessKey, SecretKey = target.SecretKey });
        await client.PutBucketAsync(new PutBucketRequest { BucketName = uri.Host }, cancellationToken);
        foreach (var path in Directory.EnumerateFiles(local).OrderBy(path => Path.GetFileName(path) == "_SUCCESS"))
        {
            await client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = uri.Host,
                    Key = $"{uri.AbsolutePath.Trim('/')}/{version}/{Path.GetFileName(path)}".TrimStart('/'),
                    FilePath = path,
                },
                cancellationToken);
        }
    }
}
