using System.Collections.Immutable;

namespace ClusterGrains.Datasets;

/// <summary>A version on its way to the alias: what was decided for it, and how far it is.</summary>
/// <remarks>Every step begins by reading what is true and skips what is done, so a step may be entered twice.</remarks>
[GenerateSerializer, Immutable, Alias("ClusterGrains.Candidate")]
public sealed record Candidate
{
    /// <summary>Of the update: every run that works on this candidate bears it.</summary>
    [Id(0)]
    public required string RunId { get; init; }

    [Id(1)]
    public required string Version { get; init; }

    /// <summary>See <see cref="KeptVersion.Fingerprint"/>.</summary>
    [Id(2)]
    public required string Fingerprint { get; init; }

    /// <summary>Digest of what an index is made from (cluster, alias, source, index). Another one begins anew.</summary>
    [Id(3)]
    public required string Recipe { get; init; }

    /// <summary>The index it is built in, <c>alias-version-n</c>; fixed before the index is created.</summary>
    [Id(4)]
    public required string Index { get; init; }

    /// <summary>Null until it is created.</summary>
    [Id(5)]
    public string? IndexUuid { get; init; }

    /// <summary>Where it is built; anywhere else it is never promoted.</summary>
    [Id(6)]
    public required string ClusterUuid { get; init; }

    [Id(7)]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The step that is under way.</summary>
    [Id(8)]
    public UpdateStep Step { get; init; }

    [Id(9)]
    public UpdateKind Kind { get; init; }

    /// <summary>The one index the alias must show when it is swapped; null: it must not exist.</summary>
    [Id(10)]
    public string? Expected { get; init; }

    /// <summary>Documents behind the alias at Plan; null when it showed nothing.</summary>
    [Id(11)]
    public long? Baseline { get; init; }

    [Id(12)]
    public int Files { get; init; }

    /// <summary>Of all files, as they lie in the source.</summary>
    [Id(13)]
    public long SourceBytes { get; init; }

    /// <summary>The contiguous prefix of the source that the cluster has acknowledged.</summary>
    [Id(14)]
    public LoadPosition Position { get; init; } = new(0, 0, 0);

    /// <summary>Counted up to <see cref="Position"/>.</summary>
    [Id(15)]
    public LoadCounts Counts { get; init; } = new();

    [Id(16)]
    public DateTimeOffset? LoadStartedAt { get; init; }

    /// <summary>When <see cref="Position"/> last moved.</summary>
    [Id(17)]
    public DateTimeOffset? MovedAt { get; init; }

    /// <summary>Over the last stretch; null when nobody can say.</summary>
    [Id(18)]
    public double? DocsPerSecond { get; init; }

    /// <summary>When loading will be done at this rate; null when nobody can say.</summary>
    [Id(19)]
    public DateTimeOffset? Eta { get; init; }

    /// <summary>What verification counted; null before it passed.</summary>
    [Id(20)]
    public VerifiedNumbers? Verified { get; init; }

    /// <summary>Seconds spent per step, by its name, over all attempts.</summary>
    [Id(21)]
    public ImmutableSortedDictionary<string, double> Seconds { get; init; } =
        ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);

    /// <summary>Since when runs find the index red; null while it is not.</summary>
    [Id(22)]
    public DateTimeOffset? RedSince { get; init; }

    /// <summary>The alias it was built for.</summary>
    [Id(23)]
    public string? Alias { get; init; }

    /// <summary>What its promotion is: Promoted or RolledBack; null before it was.</summary>
    [Id(24)]
    public UpdateResult? PromotedAs { get; init; }

    /// <summary>Share of the source that is acknowledged, 0 to 100.</summary>
    public int Percent => Step > UpdateStep.Load ? 100
        : SourceBytes == 0 ? 0
        : (int)Math.Clamp(100 * Counts.SourceBytes / SourceBytes, 0, 100);
}

/// <summary>The steps of an update, in order.</summary>
[GenerateSerializer, Alias("ClusterGrains.UpdateStep")]
public enum UpdateStep
{
    /// <summary>Guards, the frozen list of files in the history.</summary>
    Plan,

    /// <summary>The index, marked as ours.</summary>
    Create,

    Load,

    /// <summary>Private alias dropped, write block, refresh, replicas, settings.</summary>
    Settle,

    /// <summary>Counts, the shrink guard, smoke queries; the source once more.</summary>
    Verify,

    /// <summary>Waits for a person, if the spec says so.</summary>
    Approve,

    /// <summary>The intent to swap is written; from here on nothing supersedes it.</summary>
    Promote,

    /// <summary>The alias was read back and shows it.</summary>
    Prune,
}

/// <summary>How a candidate comes to be.</summary>
[GenerateSerializer, Alias("ClusterGrains.UpdateKind")]
public enum UpdateKind
{
    /// <summary>Loaded from the source.</summary>
    Load,

    /// <summary>Loaded from the source because it is pinned, and no newer than what it replaces: it may be smaller.</summary>
    Reload,

    /// <summary>A kept index is promoted again: an older one by <c>pin</c>, or the newest when the pin is gone.</summary>
    Switch,
}

/// <param name="File">Index into the frozen list; equal to the number of files when all is done.</param>
/// <param name="Line">Lines of that file that are done.</param>
/// <param name="Byte">Uncompressed bytes of that file that are done.</param>
[GenerateSerializer, Immutable, Alias("ClusterGrains.LoadPosition")]
public sealed record LoadPosition([property: Id(0)] int File, [property: Id(1)] long Line, [property: Id(2)] long Byte);

/// <summary>What happened to the lines up to a position. Lines = Acked + Rejected + blank ones.</summary>
[GenerateSerializer, Immutable, Alias("ClusterGrains.LoadCounts")]
public sealed record LoadCounts
{
    [Id(0)]
    public long Lines { get; init; }

    /// <summary>Documents that the cluster took.</summary>
    [Id(1)]
    public long Acked { get; init; }

    /// <summary>Documents that nobody will take, each in a <c>rejected</c> record.</summary>
    [Id(2)]
    public long Rejected { get; init; }

    /// <summary>Uncompressed.</summary>
    [Id(3)]
    public long Bytes { get; init; }

    /// <summary>As they lie in the source; of a compressed file under way a good guess.</summary>
    [Id(4)]
    public long SourceBytes { get; init; }

    /// <summary>Bulk requests that were sent again because the cluster refused them for the moment.</summary>
    [Id(5)]
    public long Retries { get; init; }
}

/// <param name="Docs">Documents the index holds.</param>
/// <param name="Duplicates">Acknowledged documents that shared an id with another.</param>
/// <param name="ShrinkPercent">How much fewer than the baseline, 0 to 100; 0 without one.</param>
/// <param name="StoreBytes">Size of the primaries on disk.</param>
/// <param name="Hits">Total hits of each smoke query by its name.</param>
[GenerateSerializer, Immutable, Alias("ClusterGrains.VerifiedNumbers")]
public sealed record VerifiedNumbers(
    [property: Id(0)] long Docs,
    [property: Id(1)] long Duplicates,
    [property: Id(2)] double ShrinkPercent,
    [property: Id(3)] long StoreBytes,
    [property: Id(4)] ImmutableSortedDictionary<string, long> Hits);
