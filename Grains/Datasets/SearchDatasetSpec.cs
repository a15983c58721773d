using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ClusterGrains.Clusters;

namespace ClusterGrains.Datasets;

/// <summary>
/// The spec of a SearchDataset, defaults filled in. Mirrors <c>k8s/crds/searchdatasets.yaml</c>: the names in camelCase,
/// and every default, range, pattern and type; a test compares the two.
/// </summary>
public sealed record SearchDatasetSpec
{
    /// <summary>The SearchCluster in the same namespace.</summary>
    public required ClusterRef ClusterRef { get; init; }

    /// <summary>What readers search. Indices are called <c>alias-version-n</c>.</summary>
    /// <remarks>Short enough for an index name, at most 255 bytes, with version, number and private alias behind it.</remarks>
    [Length(1, 100)]
    [RegularExpression("^[a-z0-9][a-z0-9._-]*$", ErrorMessage = "Write 1 to 100 lower case letters, digits, '.', '_' and '-', a letter or digit first.")]
    public required string Alias { get; init; }

    public required SourceSpec Source { get; init; }

    public IndexSpec Index { get; init; } = new();

    public LoadSpec Load { get; init; } = new();

    public VerifySpec Verify { get; init; } = new();

    public RolloutSpec Rollout { get; init; } = new();

    public LookSpec Schedule { get; init; } = new();

    /// <summary>No runs at all; an update under way stops where it is.</summary>
    public bool Suspend { get; init; }
}

/// <param name="Name">Name of a SearchCluster.</param>
public sealed record ClusterRef(
    [property: Length(1, 63)]
    [property: RegularExpression(SecretRef.NamePattern, ErrorMessage = "Write the name of a SearchCluster: lower case letters, digits, '-' and '.'.")]
    string Name);

/// <summary>Where versions appear: one folder each, complete once its marker is there.</summary>
public sealed record SourceSpec
{
    /// <summary><c>s3://bucket/prefix</c> or <c>file:///folder</c>.</summary>
    [Length(1, 512)]
    [RegularExpression("^(s3://[a-z0-9][a-z0-9.-]+(/.*)?|file:///.*)$", ErrorMessage = "Write s3://bucket/prefix or file:///folder.")]
    public required string Uri { get; init; }

    /// <summary>Of an S3 store; null for AWS with the SDK's own chain.</summary>
    public S3Spec? S3 { get; init; }

    /// <summary>A Secret with the keys <c>accessKey</c> and <c>secretKey</c>; null for the SDK's own chain.</summary>
    public SecretRef? SecretRef { get; init; }

    /// <summary>The file that says that a folder is complete. Written last.</summary>
    [Length(1, 128)]
    [RegularExpression(@"^[^/\\]+$", ErrorMessage = "Write the name of a file in the version's folder, without a path.")]
    public string Marker { get; init; } = "_SUCCESS";

    public ManifestUse Manifest { get; init; } = ManifestUse.Auto;

    /// <summary>A regular expression (see <see cref="VersionNames"/>) for folder names that are versions; null: every name that begins with neither <c>_</c> nor <c>.</c>.</summary>
    [Length(1, 256)]
    public string? Pattern { get; init; }

    public VersionOrder Order { get; init; } = VersionOrder.Lexical;

    public DataFormat Format { get; init; } = DataFormat.Auto;

    /// <summary>The top-level field that is the document's id, a text or a whole number; null: from file and line.</summary>
    [Length(1, 128)]
    public string? IdField { get; init; }

    /// <summary>A finding when the newest version is older than this; null: off.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "366.00:00:00")]
    public TimeSpan? ExpectNewWithin { get; init; }
}

/// <summary>How to reach an S3 store.</summary>
public sealed record S3Spec
{
    /// <summary>For example <c>http://minio:9000</c>; empty for AWS.</summary>
    [Length(0, 256)]
    [RegularExpression(@"^(https?://[^\s/?#@]+/?)?$", ErrorMessage = "Write an http or https URL with nothing but host and port, for example http://minio.storage.svc:9000.")]
    public string Endpoint { get; init; } = "";

    [Length(0, 64)]
    [RegularExpression("^[a-z0-9-]*$", ErrorMessage = "Write a region, for example eu-central-1.")]
    public string Region { get; init; } = "";

    /// <summary>The bucket in the path; null: yes with an endpoint, no for AWS.</summary>
    public bool? ForcePathStyle { get; init; }
}

/// <summary>What a <c>manifest.json</c> beside the data (files, their sizes, the number of documents) is good for.</summary>
public enum ManifestUse
{
    /// <summary>Kept to where there is one.</summary>
    Auto,

    /// <summary>A version without one is not complete.</summary>
    Required,
    Ignore,
}

/// <summary>Which of two versions is newer.</summary>
public enum VersionOrder
{
    /// <summary>The one whose name sorts later, byte by byte.</summary>
    Lexical,

    /// <summary>Digits within names count as numbers: <c>v10</c> is newer than <c>v9</c>.</summary>
    Numeric,

    /// <summary>By semver.org, a leading <c>v</c> allowed; other names are no versions.</summary>
    SemVer,
}

/// <summary>How the files are written: NDJSON, one JSON object per line.</summary>
public enum DataFormat
{
    /// <summary>By the name: <c>.gz</c> is gzip, <c>.zst</c> and <c>.zstd</c> are zstd, anything else is plain.</summary>
    Auto,
    Plain,
    Gzip,
    Zstd,
}

/// <summary>What the index is created with.</summary>
public sealed record IndexSpec
{
    [Range(1, 1024)]
    public int Shards { get; init; } = 1;

    /// <summary>Set after loading; during it there are none.</summary>
    [Range(0, 16)]
    public int Replicas { get; init; } = 1;

    /// <summary>Index settings; what <see cref="ConfigMapRef"/> says is overridden by this.</summary>
    public JsonElement? Settings { get; init; }

    public JsonElement? Mappings { get; init; }

    /// <summary>A ConfigMap with the keys <c>settings.json</c> and <c>mappings.json</c>, either of them.</summary>
    public ConfigMapRef? ConfigMapRef { get; init; }
}

/// <param name="Name">Name of a ConfigMap in the same namespace.</param>
public sealed record ConfigMapRef(
    [property: Length(1, SecretRef.MaxNameLength)]
    [property: RegularExpression(SecretRef.NamePattern, ErrorMessage = "Write the name of a ConfigMap: lower case letters, digits, '-' and '.'.")]
    string Name);

/// <summary>How hard the cluster is loaded.</summary>
public sealed record LoadSpec
{
    /// <summary>Of one bulk request, as a Kubernetes quantity. 64Ki to 90Mi (the engines' <c>http.max_content_length</c> is 100mb).</summary>
    public ByteQuantity BatchBytes { get; init; } = new(8 << 20);

    /// <summary>Bulk requests at once, at most; fewer while the cluster pushes back.</summary>
    [Range(1, 64)]
    public int Workers { get; init; } = 4;

    /// <summary>Of all requests under way. At least one batch; up to 1Gi.</summary>
    public ByteQuantity InFlightBytes { get; init; } = new(64 << 20);

    /// <summary>From the first document on; then the version has failed.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan Deadline { get; init; } = TimeSpan.FromHours(6);
}

/// <summary>What a version must keep before it is promoted.</summary>
public sealed record VerifySpec
{
    /// <summary>0 lets even an empty version pass, if <see cref="MaxShrinkPercent"/> does.</summary>
    [Range(0, long.MaxValue)]
    public long MinDocs { get; init; } = 1;

    /// <summary>How many fewer documents than what the alias shows.</summary>
    [Range(0, 100)]
    public int MaxShrinkPercent { get; init; } = 10;

    [Range(0, long.MaxValue)]
    public long MaxRejected { get; init; }

    /// <summary>Documents that share an id with another, of all that were taken.</summary>
    [Range(0, 100)]
    public int MaxDuplicatePercent { get; init; }

    [Length(0, 20)]
    public ImmutableArray<SmokeQuery> Queries { get; init; } = [];
}

/// <summary>A search that must find something.</summary>
public sealed record SmokeQuery
{
    [Length(1, 63)]
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]*$", ErrorMessage = "Write 1 to 63 letters, digits, '.', '_' and '-', a letter or digit first.")]
    public required string Name { get; init; }

    /// <summary>The body of <c>_search</c>, for example <c>{"query":{"match":{"title":"shoe"}}}</c>.</summary>
    public required JsonElement Body { get; init; }

    [Range(0, long.MaxValue)]
    public long MinHits { get; init; } = 1;
}

/// <summary>How a good version reaches the readers, and what is kept of the ones before.</summary>
public sealed record RolloutSpec
{
    public OnNewVersion OnNewVersion { get; init; } = OnNewVersion.Finish;

    public Approval Approval { get; init; } = Approval.Auto;

    /// <summary>This version and no other; null: the newest.</summary>
    [Length(1, 128)]
    public string? Pin { get; init; }

    /// <summary>Promoted versions kept for rollback besides the current one.</summary>
    [Range(0, 20)]
    public int KeepPrevious { get; init; } = 2;

    /// <summary>Whether published indices refuse writes.</summary>
    public bool WriteBlock { get; init; } = true;

    /// <summary>How old an index of ours that nobody needs must be before it is deleted.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan OrphanGrace { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>What a version that appears during an update means for it.</summary>
public enum OnNewVersion
{
    /// <summary>The update is finished first; then the newest follows, those in between are left out.</summary>
    Finish,

    /// <summary>The update is given up, unless its promotion has begun.</summary>
    Supersede,
}

/// <summary>Whether a person lets each version through.</summary>
public enum Approval
{
    Auto,

    /// <summary>A verified version waits for <c>clustergrains.io/approve: &lt;its index&gt;</c>.</summary>
    Manual,
}

/// <summary>How often the source is looked at.</summary>
public sealed record LookSpec
{
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Without a look that succeeded for this long nobody knows whether the data is current; null: three intervals.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan? StaleAfter { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public TimeSpan EffectiveStaleAfter => StaleAfter ?? 3 * Interval;
}
