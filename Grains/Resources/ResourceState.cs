using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterGrains.History;
using ClusterGrains.Status;
using ClusterGrains.Storage;

namespace ClusterGrains.Resources;

/// <summary>
/// Everything a resource grain remembers, for every kind. One document, one write. A row exists from the first
/// manifest until a week after the resource is gone.
/// </summary>
/// <typeparam name="TWork">What the kind's own workflow remembers.</typeparam>
public sealed record ResourceState<TWork> : IIndexedState, IJsonOnDeserialized
    where TWork : class, new()
{
    /// <summary>Raised when an older silo could no longer read the document.</summary>
    public const int CurrentSchema = 1;

    public int SchemaVersion { get; init; } = CurrentSchema;

    public string Kind { get; init; } = "";

    public ResourcePhase Phase { get; init; }

    /// <summary>The newest manifest adopted; null only before the first.</summary>
    public Manifest? Manifest { get; init; }

    /// <summary>The newest spec that was found good; it stays in force while a newer one is refused.</summary>
    public AcceptedSpec? Accepted { get; init; }

    /// <summary>Why <see cref="Manifest"/>'s spec was refused; empty when it was accepted.</summary>
    public ImmutableArray<SpecProblem> Problems { get; init; } = [];

    /// <summary>Counts the writes of this row, over all epochs. Fences status writes.</summary>
    public long Revision { get; init; }

    /// <summary>The run that was started and has not ended.</summary>
    public OpenRun? Run { get; init; }

    public ClosedRun? LastRun { get; init; }

    /// <summary>The slot of the last run; null before the first, which is therefore due at once.</summary>
    public DateTimeOffset? LastSlot { get; init; }

    /// <summary>
    /// One more run as soon as none is open: the spec or an intent changed, run-now, or the last run was interrupted.
    /// </summary>
    public bool RunWanted { get; init; }

    /// <summary>The value of the run-now annotation that was already acted on.</summary>
    public string? RunNowHandled { get; init; }

    /// <summary>History records that are not known to be in the store, and the counter that numbers them.</summary>
    public Outbox Outbox { get; init; } = new();

    /// <summary>Why the store could not be written, since the last success; null while it can.</summary>
    public HistoryFailure? HistoryFailure { get; init; }

    /// <summary>What the last audit did not find of this epoch's records; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MissingRecords? MissingRecords { get; init; }

    /// <summary>Key of this epoch's newest record.</summary>
    public string? LastKey { get; init; }

    public DateTimeOffset? RetiredAt { get; init; }

    /// <summary>When this resource next needs a turn; the index column of the same name.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>The index column of the same name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LateAt { get; init; }

    /// <summary>The index column of the same name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Silo { get; init; }

    public ImmutableArray<Condition> Conditions { get; init; } = [];

    /// <summary>The index column of the same name.</summary>
    public string? Summary { get; init; }

    /// <summary>What the resource wants for itself alone in the whole fleet; null for nothing. The index column of the same name.</summary>
    public string? Claim { get; init; }

    public TWork Work { get; init; } = new();

    /// <summary>The epoch; empty before the first manifest.</summary>
    [JsonIgnore]
    public string Uid => Manifest?.Uid ?? "";

    [JsonIgnore]
    public IndexRow Index => new(
        Kind,
        Manifest?.Namespace ?? "",
        Manifest?.Name ?? "",
        Uid,
        Manifest?.Generation ?? 0,
        Manifest?.Intent ?? "",
        Phase.ToString(),
        NextDue,
        Revision,
        Phase is ResourcePhase.Active ? Claim : null,
        Summary,
        Manifest?.CreatedAt,
        LateAt,
        Silo);

    /// <summary>
    /// JSON of the right shape is not yet a state to work from: one without a manifest would begin a resource anew that has
    /// long had a history.
    /// </summary>
    void IJsonOnDeserialized.OnDeserialized()
    {
        var broken = this switch
        {
            { Manifest: not { Namespace.Length: > 0, Name.Length: > 0, Uid.Length: > 0, Spec: not null } } => "manifest",
            { Phase: not (ResourcePhase.Active or ResourcePhase.Retiring or ResourcePhase.Retired) } => "phase",
            { Kind: null } => "kind",
            { Work: null } => "work",
            { Accepted: { Spec: null } } => "accepted",
            { Outbox: null } => "outbox",
            _ => Outbox.Entries.Any(entry => entry?.Key is null) ? "outbox.entries" : null,
        };
        if (broken is not null)
        {
            throw new JsonException($"It has no usable '{broken}'.");
        }
    }
}

/// <summary>Where an epoch is in its life.</summary>
public enum ResourcePhase
{
    /// <summary>No manifest yet.</summary>
    None,

    Active,

    /// <summary>Proven gone; its last records are still on their way to the store.</summary>
    Retiring,

    /// <summary>Gone and recorded. The row keeps the uid for a week, so that late events of it are recognised.</summary>
    Retired,
}

/// <summary>A spec that was found good.</summary>
public sealed record AcceptedSpec(long Generation, string Spec);

/// <param name="Attempt">Counts the runs of that id; with it, it fences late reports.</param>
/// <param name="Deadline">By then it has reported, or it is late.</param>
/// <param name="IsOutdated">The spec or an intent changed since: it works from what no longer holds.</param>
public sealed record OpenRun(
    string RunId,
    int Attempt,
    DateTimeOffset StartedAt,
    DateTimeOffset Deadline,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsOutdated = false);

/// <param name="Outcome">See <see cref="RunOutcome"/>.</param>
/// <param name="Attempt">See <see cref="OpenRun.Attempt"/>; 0 in rows that were written before this was kept.</param>
public sealed record ClosedRun(
    string RunId,
    DateTimeOffset StartedAt,
    DateTimeOffset FinishedAt,
    string Outcome,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Attempt = 0);

/// <summary>How a run can end. Also the <c>outcome</c> of its history record.</summary>
public static class RunOutcome
{
    public const string Completed = "Completed";

    /// <summary>Its process or activation ended before it did, or the resource was deleted meanwhile.</summary>
    public const string Interrupted = "Interrupted";
}

/// <param name="Since">When the first of an unbroken row of failures happened.</param>
public sealed record HistoryFailure(DateTimeOffset Since, string Message);
