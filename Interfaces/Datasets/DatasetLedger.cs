using System.Collections.Immutable;

namespace ClusterGrains.Datasets;

/// <summary>
/// Everything the runs of one dataset remember from one to the next. Only the open run writes it, fenced by its id and
/// attempt; the grain stores it.
/// </summary>
[GenerateSerializer, Immutable, Alias("ClusterGrains.DatasetLedger")]
public sealed record DatasetLedger
{
    /// <summary>The search cluster that was found behind <c>clusterRef</c>; null before the first.</summary>
    [Id(0)]
    public string? ClusterUuid { get; init; }

    /// <summary><c>OpenSearch</c> or <c>Elasticsearch</c>.</summary>
    [Id(1)]
    public string? Engine { get; init; }

    [Id(2)]
    public string? EngineVersion { get; init; }

    /// <summary>The alias this dataset wants for itself: <c>cluster_uuid/alias</c>. The index column of the same name.</summary>
    [Id(3)]
    public string? Claim { get; init; }

    /// <summary>Who holds <see cref="Claim"/> with a better right, as <c>namespace/name</c>; null when nobody does.</summary>
    [Id(4)]
    public string? ClaimedBy { get; init; }

    /// <summary>The newest look at the source that succeeded; null before the first.</summary>
    [Id(5)]
    public SourceLook? Look { get; init; }

    /// <summary>What we promoted last, in this epoch or adopted from an earlier one, on <see cref="ClusterUuid"/>; null for nothing.</summary>
    [Id(6)]
    public KeptVersion? Published { get; init; }

    /// <summary>Earlier versions kept for rollback, newest first.</summary>
    [Id(7)]
    public ImmutableArray<KeptVersion> Retained { get; init; } = [];

    /// <summary>The version on its way; null when there is none.</summary>
    [Id(8)]
    public Candidate? Candidate { get; init; }

    /// <summary>What keeps the newest run from going on, candidate or not; null when nothing does.</summary>
    [Id(9)]
    public Trouble? Blocked { get; init; }

    /// <summary>The newest version that failed; null once a newer one, or the same one repaired, was promoted.</summary>
    [Id(10)]
    public FailedVersion? Failed { get; init; }

    /// <summary>The alias shows something else than we left; null while it does not.</summary>
    [Id(11)]
    public AliasDrift? Drift { get; init; }

    /// <summary>Indices that bear our mark and that nobody needs; deleted once they are old enough.</summary>
    [Id(12)]
    public ImmutableArray<string> Orphans { get; init; } = [];

    /// <summary>The last number given to an index, the <c>n</c> of <c>alias-version-n</c>.</summary>
    [Id(13)]
    public int IndexNumber { get; init; }

    /// <summary>The value of <c>clustergrains.io/reload</c> that was acted on.</summary>
    [Id(14)]
    public string? ReloadHandled { get; init; }

    /// <summary>Other findings of the newest run that hold until the next: what was asked for and cannot be had.</summary>
    [Id(15)]
    public ImmutableArray<Resources.Finding> Notes { get; init; } = [];

    /// <summary>
    /// The version of <see cref="Published"/> while it is only known from the index's mark: its files may have been repaired
    /// since. Null once they were compared.
    /// </summary>
    [Id(16)]
    public string? Adopted { get; init; }

    /// <summary>The value of <c>clustergrains.io/adopt-alias</c> that was acted on.</summary>
    [Id(17)]
    public string? AdoptHandled { get; init; }

    /// <summary>The newest version readers had when somebody said that the alias rightly shows something else: it, and older
    /// ones, do not take the alias back by themselves. Null while nobody did.</summary>
    [Id(18)]
    public string? HeldUpTo { get; init; }
}

/// <summary>What a look at the source found.</summary>
/// <param name="At">When.</param>
/// <param name="Latest">The newest complete version; null when there is none.</param>
/// <param name="LatestSince">Since when <paramref name="Latest"/> is known; before any, since the first look.</param>
/// <param name="Versions">How many complete versions there are.</param>
[GenerateSerializer, Immutable, Alias("ClusterGrains.SourceLook")]
public sealed record SourceLook(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] string? Latest,
    [property: Id(2)] DateTimeOffset LatestSince,
    [property: Id(3)] int Versions)
{
    /// <summary>A folder newer than <see cref="Latest"/> that holds data and no marker; null when there is none.</summary>
    [Id(4)]
    public string? Unmarked { get; init; }

    /// <summary>Since when the content of <see cref="Unmarked"/> has not changed.</summary>
    [Id(5)]
    public DateTimeOffset? UnmarkedSince { get; init; }

    /// <summary>A digest of the names and sizes in <see cref="Unmarked"/>.</summary>
    [Id(6)]
    public string? UnmarkedDigest { get; init; }
}

/// <summary>A version in an index of ours that was promoted once.</summary>
/// <param name="Fingerprint">Digest of the names, ETags and sizes of its files, marker included.</param>
/// <param name="IndexUuid">The engine's identity of the index.</param>
/// <param name="Docs">Documents counted before it was promoted.</param>
/// <param name="At">When it was promoted last.</param>
/// <param name="RunId">The run that promoted it last.</param>
/// <param name="Bytes">Uncompressed bytes read for it; 0 when nobody knows.</param>
/// <param name="StoreBytes">What its primaries took on disk; 0 when nobody knows.</param>
[GenerateSerializer, Immutable, Alias("ClusterGrains.KeptVersion")]
public sealed record KeptVersion(
    [property: Id(0)] string Version,
    [property: Id(1)] string Fingerprint,
    [property: Id(2)] string Index,
    [property: Id(3)] string IndexUuid,
    [property: Id(4)] long Docs,
    [property: Id(5)] DateTimeOffset At,
    [property: Id(6)] string RunId,
    [property: Id(7)] long Bytes = 0,
    [property: Id(8)] long StoreBytes = 0);

/// <summary>Why nothing goes on for now. Looked at again by every run.</summary>
/// <param name="Code">From the closed list in docs/findings.md.</param>
/// <param name="Message">What was seen, with numbers, and the cure.</param>
/// <param name="Since">When the first of an unbroken row of runs met it.</param>
/// <param name="Count">How many runs in a row met it.</param>
[GenerateSerializer, Immutable, Alias("ClusterGrains.Trouble")]
public sealed record Trouble(
    [property: Id(0)] string Code,
    [property: Id(1)] string Message,
    [property: Id(2)] DateTimeOffset Since,
    [property: Id(3)] int Count);

/// <summary>A version that did not make it.</summary>
/// <param name="Generation">Of the spec it failed under: another spec may judge it otherwise.</param>
/// <param name="Count">How often this version failed for this reason in a row.</param>
/// <param name="RetryAt">When it is tried again by itself; null for never with the same files and spec.</param>
[GenerateSerializer, Immutable, Alias("ClusterGrains.FailedVersion")]
public sealed record FailedVersion(
    [property: Id(0)] string Version,
    [property: Id(1)] string Fingerprint,
    [property: Id(2)] long Generation,
    [property: Id(3)] string Code,
    [property: Id(4)] string Message,
    [property: Id(5)] DateTimeOffset At,
    [property: Id(6)] int Count,
    [property: Id(7)] DateTimeOffset? RetryAt);

/// <param name="Shows">What the alias shows, comma-separated; empty for nothing.</param>
/// <param name="Since">When it was first seen so.</param>
[GenerateSerializer, Immutable, Alias("ClusterGrains.AliasDrift")]
public sealed record AliasDrift([property: Id(0)] string Shows, [property: Id(1)] DateTimeOffset Since);
