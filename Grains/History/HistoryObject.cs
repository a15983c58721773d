using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace ClusterGrains.History;

/// <summary>Turns a record into the object that is stored: one key, one body, the same for every attempt.</summary>
public static class HistoryObject
{
    /// <summary>More say nothing new and would let one record fill the outbox.</summary>
    public const int MaxFindings = 100;

    public static OutboxEntry Seal(HistoryRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new OutboxEntry(
            Key(record),
            record.Record,
            record.Target.Uid,
            record.Line,
            record.Seq,
            record.Missing ?? [],
            Compress(Bounded(record)));
    }

    /// <summary>The record in a stored object.</summary>
    /// <exception cref="InvalidDataException"><paramref name="body"/> is not gzip.</exception>
    /// <exception cref="JsonException">It is not a record.</exception>
    public static HistoryRecord Open(byte[] body)
    {
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        return JsonSerializer.Deserialize(gzip, HistoryJson.Format.HistoryRecord)
            ?? throw new JsonException("The object holds null instead of a record.");
    }

    /// <summary>Sorts by time within a resource and a day, and says without opening it what an object is.</summary>
    private static string Key(HistoryRecord record)
    {
        var (kind, target, at) = (Lower(record.Record.ToString()), record.Target, record.FinishedAt.UtcDateTime);
        var resource = $"{Lower(target.Kind)}.{target.Namespace}.{target.Name}.{target.Uid[..Math.Min(8, target.Uid.Length)]}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"v1/history/record={kind}/dt={at:yyyy-MM-dd}/resource={resource}/"
            + $"{at:HHmmss}-{record.Line}-{record.Seq}-{record.RunId ?? kind}.json.gz");
    }

    private static HistoryRecord Bounded(HistoryRecord record) => record with
    {
        Findings = [.. record.Findings.Take(MaxFindings)],
        FindingsOmitted = record.Findings.Length > MaxFindings ? record.Findings.Length - MaxFindings : null,
        Metrics = record.Metrics.RemoveRange(record.Metrics.Where(m => !double.IsFinite(m.Value)).Select(m => m.Key)),
    };

    private static byte[] Compress(HistoryRecord record)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.SmallestSize))
        {
            JsonSerializer.Serialize(gzip, record, HistoryJson.Format.HistoryRecord);
            // One line each: the concatenation of any records is valid NDJSON, as the concatenation of their gzips is gzip.
            gzip.WriteByte((byte)'\n');
        }

        return bytes.ToArray();
    }

    private static string Lower(string text) => text.ToLowerInvariant();
}
