using System.Text.Json.Serialization;

namespace ClusterGrains.Storage;

/// <summary>
/// The columns kept beside a state document, written in the same statement, so that no second register can disagree.
/// </summary>
/// <param name="Kind">Name of the <see cref="Resources.ResourceKind"/>; when it cannot be read, the type of its grain.</param>
/// <param name="Generation">Of the newest observed manifest.</param>
/// <param name="Intent">Of the newest observed manifest.</param>
/// <param name="Phase">Active, Retiring or Retired.</param>
/// <param name="NextDue">When this resource next needs a turn; null when it waits for nothing.</param>
/// <param name="Revision">Counts the state's writes.</param>
/// <param name="Claim">What the resource claims for itself alone in the whole fleet; null for nothing.</param>
/// <param name="Summary">A small JSON object for lists; null before the first status.</param>
/// <param name="CreatedAt">Of the resource; null in rows that were written before this was kept.</param>
/// <param name="LateAt">From then on the resource is late: <paramref name="NextDue"/> and some grace. Null when that is null.</param>
/// <param name="Silo">The silo whose activation wrote the row, as its address parses; null in rows from before this was kept.</param>
public sealed record IndexRow(
    string Kind,
    string Namespace,
    string Name,
    string Uid,
    long Generation,
    string Intent,
    string Phase,
    DateTimeOffset? NextDue,
    long Revision,
    string? Claim,
    string? Summary,
    DateTimeOffset? CreatedAt = null,
    DateTimeOffset? LateAt = null,
    string? Silo = null)
{
    /// <summary>
    /// The columns that cannot be read; they are empty here, or say what the grain's id does, and nothing follows from that. The
    /// grain, which never reads them, writes them again. Null for none.
    /// </summary>
    [JsonIgnore]
    public string? Damage { get; init; }
}

/// <summary>A state type that has a row in the index.</summary>
public interface IIndexedState
{
    /// <summary>Computed from the state at every write.</summary>
    IndexRow Index { get; }

    /// <summary>
    /// The layout of the state's document, 1 at first; a new instance has the one this code writes. Raised when an older
    /// version of this code could no longer read the document. A row of a higher one is neither read nor overwritten.
    /// </summary>
    int SchemaVersion { get; }
}
