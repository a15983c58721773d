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

    internal const string Ending = ".json.gz";

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

    /// <summary>Where an object of that kind lies. Those that take no number are named by whoever writes them.</summary>
    /// <param name="at">Decides the folder of the day.</param>
    /// <param name="name">Of the object, without its ending; the same for every attempt to write it.</param>
    public static string Key(RecordKind kind, HistoryTarget target, DateTimeOffset at, string name)
    {
        ArgumentNullException.ThrowIfNull(target);
        var resource = Resource(target.Kind, target.Namespace, target.Name, target.Uid);
        return $"{Folder(kind, DateOnly.FromDateTime(at.UtcDateTime))}resource={resource}/{name}{Ending}";
    }

    /// <summary>Where all objects of a kind and a day lie; ends with a slash.</summary>
    internal static string Folder(RecordKind kind, DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{Folder(kind)}dt={day:yyyy-MM-dd}/");

    /// <summary>Where the days of a kind lie; ends with a slash.</summary>
    internal static string Folder(RecordKind kind) => $"v1/history/record={Lower(kind.ToString())}/";

    /// <summary>How a key names an epoch of a resource.</summary>
    internal static string Resource(string kind, string ns, string name, string uid) => $"{Lower(kind)}.{ns}.{name}.{Short(uid)}";

    /// <summary>Lines of JSON as they are stored: the same bytes for the same lines, whenever and wherever.</summary>
    /// <param name="lines">UTF-8, each line ended by a line feed.</param>
    public static byte[] Compress(ReadOnlySpan<byte> lines)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.SmallestSize))
        {
            gzip.Write(lines);
        }

        return bytes.ToArray();
    }

    /// <summary>Sorts by time within a resource and a day, and says without opening it what an object is.</summary>
    internal static string Key(HistoryRecord record) => Key(record.Record, record.Target, record.FinishedAt, string.Create(
        CultureInfo.InvariantCulture,
        $"{record.FinishedAt.UtcDateTime:HHmmss}-{record.Line}-{record.Seq}-{record.RunId ?? Lower(record.Record.ToString())}"));

    private static HistoryRecord Bounded(HistoryRecord record) => record with
    {
        Findings = [.. record.Findings.Take(MaxFindings)],
        FindingsOmitted = record.Findings.Length > MaxFindings ? record.Findings.Length - MaxFindings : null,
        Metrics = record.Metrics.RemoveRange(record.Metrics.Where(m => !double.IsFinite(m.Value)).Select(m => m.Key)),
    };

    private static byte[] Compress(HistoryRecord record)
    {
        // One line each: the concatenation of any records is valid NDJSON, as the concatenation of their gzips is gzip.
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(record, HistoryJson.Format.HistoryRecord), (byte)'\n'];
        return Compress(line);
    }

    /// <summary>As much of a uid as tells epochs of one name apart.</summary>
    internal static string Short(string uid) => uid[..Math.Min(8, uid.Length)];

    private static string Lower(string text) => text.ToLowerInvariant();
}
