using System.Collections.Immutable;

namespace ClusterGrains.Datasets.Loading;

/// <summary>What is to be loaded, into what, from where on.</summary>
internal sealed record LoadJob
{
    public required ISourceSession Source { get; init; }

    public required FrozenVersion Version { get; init; }

    public required IIndexSession Index { get; init; }

    /// <summary>The private alias of this attempt; bulk requests go to it and nowhere else.</summary>
    public required string Alias { get; init; }

    public required LoadSpec Limits { get; init; }

    /// <summary>See <see cref="SourceSpec.IdField"/>.</summary>
    public string? IdField { get; init; }

    /// <summary>One more than this ends the load.</summary>
    public long MaxRejected { get; init; }

    public LoadPosition From { get; init; } = new(0, 0, 0);

    /// <summary>What was counted up to <see cref="From"/>.</summary>
    public LoadCounts Counts { get; init; } = new();

    /// <summary>
    /// Called each time the acknowledged prefix has grown by 64 MiB, at least every few seconds while it grows, and
    /// at the end; one call at a time, while loading goes on. What it throws ends the load.
    /// </summary>
    public required Func<LoadProgress, CancellationToken, Task> Checkpoint { get; init; }
}

/// <param name="Position">The contiguous acknowledged prefix.</param>
/// <param name="Counts">Up to it.</param>
/// <param name="Rejected">Documents rejected between the last checkpoint and this one, in order of the source.</param>
internal sealed record LoadProgress(LoadPosition Position, LoadCounts Counts, ImmutableArray<RejectedDocument> Rejected);

/// <summary>A document nobody takes, and why. One line of a <c>rejected</c> record.</summary>
/// <param name="File">Relative to the version's folder.</param>
/// <param name="Line">From 1.</param>
/// <param name="Id">Null when it has none.</param>
/// <param name="Status">The engine's status; 0 when it was never sent.</param>
/// <param name="Type">The engine's error type, or ours: <c>invalid_json</c>, <c>not_an_object</c>, <c>id_missing</c>, <c>id_invalid</c>, <c>document_too_large</c>.</param>
/// <param name="Raw">The line as it was, cut at 16 KiB.</param>
internal sealed record RejectedDocument(
    string File, long Line, string? Id, int Status, string Type, string Reason, string Raw);

internal enum LoadResult
{
    /// <summary>Every line is acknowledged or rejected, and the last checkpoint says so.</summary>
    Done,

    /// <summary>More than <see cref="LoadJob.MaxRejected"/>; the last checkpoint holds those that were met.</summary>
    TooManyRejected,

    /// <summary>The cluster took nothing for a minute: 429, 503, no connection.</summary>
    Busy,

    /// <summary>See <see cref="BulkResult.Blocked"/>.</summary>
    Blocked,

    /// <summary>See <see cref="BulkResult.Gone"/>.</summary>
    Gone,

    /// <summary>See <see cref="BulkResult.Refused"/>.</summary>
    Refused,
}

/// <param name="Reason">What the cluster said, or the first rejected document with file and line.</param>
internal sealed record LoadEnd(LoadResult Result, LoadPosition Position, LoadCounts Counts, string Reason = "");
