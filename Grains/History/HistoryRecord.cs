using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ClusterGrains.Resources;

namespace ClusterGrains.History;

/// <summary>
/// One immutable fact. Its JSON is a public format (docs/history.md): fields are added, never renamed, and none is
/// called like a folder of the layout unless it holds the folder's value.
/// </summary>
public sealed record HistoryRecord
{
    public int SchemaVersion { get; init; } = 1;

    public required RecordKind Record { get; init; }

    /// <summary>The run that produced it, a ULID fixed before the run starts; null when no run did.</summary>
    public string? RunId { get; init; }

    public required HistoryTarget Target { get; init; }

    /// <summary>1, and one more each time the grain's state was found to be older than what it had shown.</summary>
    public int Line { get; init; } = 1;

    /// <summary>1, 2, 3, … without holes over all kinds of record of one <see cref="Line"/> of one uid.</summary>
    public long Seq { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Decides folder and name of the object, never the moment of the PUT.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>How it ended, for example <c>Completed</c>, <c>Interrupted</c> or <c>Promoted</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>What was said of the resource from then on; null when it says nothing about that.</summary>
    public string? Verdict { get; init; }

    /// <summary>Most severe first; at most <see cref="HistoryObject.MaxFindings"/> are written.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>How many more findings there were; omitted when all are here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? FindingsOmitted { get; init; }

    /// <summary>Named numbers. Those that are not finite are not written: JSON has no word for them.</summary>
    public ImmutableSortedDictionary<string, double> Metrics { get; init; } =
        ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);

    /// <summary>Transitions: the verdict before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? From { get; init; }

    /// <summary>Transitions: the verdict after.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? To { get; init; }

    /// <summary>Transitions and tombstones: why.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>Updates: which version, and what became of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HistoryUpdate? Update { get; init; }

    /// <summary>
    /// Gaps: the records that are possibly missing. Possibly, because one whose PUT was never answered may have arrived.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<SeqRange>? Missing { get; init; }
}
