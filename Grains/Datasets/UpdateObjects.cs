using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterGrains.Datasets.Loading;
using ClusterGrains.History;

namespace ClusterGrains.Datasets;

/// <summary>What an update writes to the history itself: its plan, and the documents nobody took. Same run, same bytes.</summary>
internal static class UpdateObjects
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(), new HistoryJson.UtcMilliseconds() },
    };

    /// <summary>Exactly what is going to be loaded, and into what.</summary>
    public static (string Key, byte[] Body) Plan(UpdateRun run, Candidate candidate, FrozenVersion version) => Object(
        RecordKind.Plan,
        run,
        candidate,
        "plan",
        Line(new
        {
            SchemaVersion = 1,
            Record = "plan",
            candidate.RunId,
            Target = Target(run, candidate),
            candidate.StartedAt,
            candidate.Version,
            candidate.Fingerprint,
            candidate.Recipe,
            candidate.Index,
            candidate.Kind,
            version.Documents,
            version.Files,
        }));

    /// <param name="file">Number of the file that the first of them lies in.</param>
    public static (string Key, byte[] Body) Rejected(
        UpdateRun run, Candidate candidate, int file, ImmutableArray<RejectedDocument> documents) => Object(
        RecordKind.Rejected,
        run,
        candidate,
        string.Create(CultureInfo.InvariantCulture, $"a{run.Attempt}-f{file:00000}-l{documents[0].Line:0000000000}"),
        [
            .. documents.SelectMany(one => Line(new
            {
                SchemaVersion = 1,
                Record = "rejected",
                candidate.RunId,
                Target = Target(run, candidate),
                candidate.Version,
                one.File,
                one.Line,
                one.Id,
                one.Status,
                one.Type,
                one.Reason,
                one.Raw,
            })),
        ]);

    // Named by what it says as well: other words, of a grain store that was set back, never count as these.
    private static (string Key, byte[] Body) Object(
        RecordKind kind, UpdateRun run, Candidate candidate, string what, byte[] lines)
    {
        var time = candidate.StartedAt.UtcDateTime.ToString("HHmmss", CultureInfo.InvariantCulture);
        var digest = Convert.ToHexStringLower(SHA256.HashData(lines).AsSpan(0, 8));
        return (
            HistoryObject.Key(kind, run.Target, candidate.StartedAt, $"{time}-{candidate.RunId}-{what}-{digest}"),
            HistoryObject.Compress(lines));
    }

    // Of the cluster the candidate is built in, whatever was known when the run was opened.
    private static object Target(UpdateRun run, Candidate candidate) => new
    {
        run.Target.Kind, run.Target.Namespace, run.Target.Name, run.Target.Uid, candidate.ClusterUuid,
    };

    private static byte[] Line<T>(T value) => [.. JsonSerializer.SerializeToUtf8Bytes(value, Format), (byte)'\n'];
}
