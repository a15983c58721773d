using System.Collections.Immutable;
using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Verification;

/// <summary>What one stored row says, as far as the invariants ask.</summary>
internal sealed record RowFacts
{
    public required StateKey Row { get; init; }

    public required ResourceId Resource { get; init; }

    /// <summary>Why the document cannot be read; everything below is empty then. Null when it can.</summary>
    public string? Damage { get; init; }

    public string Uid { get; init; } = "";

    public ResourcePhase Phase { get; init; }

    /// <summary>Of the manifest that it has adopted; null before the first.</summary>
    public Stamp? Stamp { get; init; }

    public long Revision { get; init; }

    /// <summary>What the reminder's period must be.</summary>
    public TimeSpan Period { get; init; }

    /// <summary>The status this row is to be shown as: JSON, UTF-8.</summary>
    public ReadOnlyMemory<byte> Shown { get; init; }

    /// <summary>The history's name of its epoch.</summary>
    public string Epoch { get; init; } = "";

    /// <summary>See <see cref="History.Outbox.Line"/>.</summary>
    public int Line { get; init; }

    /// <summary>See <see cref="History.Outbox.Seq"/>.</summary>
    public long Seq { get; init; }

    /// <summary>Of the newest record; null before the first.</summary>
    public DateOnly? LastDay { get; init; }

    public ImmutableArray<PendingFacts> Pending { get; init; } = [];

    /// <summary>The run that is open.</summary>
    public string? Run { get; init; }

    public ClosedRun? LastRun { get; init; }

    /// <summary>Whether each run of this kind leaves a <c>check</c> record.</summary>
    public bool RecordsRuns { get; init; }

    /// <summary>The accepted spec as JSON text.</summary>
    public string? Spec { get; init; }

    /// <summary>Of a dataset; null for the others.</summary>
    public DatasetFacts? Dataset { get; init; }

    /// <summary>How the index columns differ from the document; empty when they do not.</summary>
    public ImmutableArray<string> Columns { get; init; } = [];

    /// <summary>What is larger than it may be; empty when nothing is.</summary>
    public ImmutableArray<SizeFacts> Oversize { get; init; } = [];
}

/// <param name="Bytes">How large it is.</param>
internal sealed record SizeFacts(string What, long Limit, long Bytes);

/// <summary>What a dataset's ledger says.</summary>
/// <param name="Cluster">Name of the SearchCluster in the same namespace; null while no spec was accepted.</param>
/// <param name="ClusterUuid">Where its indices are.</param>
/// <param name="Alias">The alias it holds; null for none.</param>
/// <param name="Shows">What the alias may show, each as names joined by commas; empty when nothing is said of it.</param>
/// <param name="Candidate">Run of the version on its way; null for none.</param>
/// <param name="Ended">Records of the newest updates that ended.</param>
internal sealed record DatasetFacts(
    string? Cluster,
    string? ClusterUuid,
    string? Alias,
    ImmutableArray<string> Shows,
    string? Candidate,
    ImmutableArray<HistoryName> Ended);
