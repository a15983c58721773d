using System.Collections.Immutable;
using ClusterGrains.Clusters;

namespace ClusterGrains.Datasets;

/// <summary>Port: the indices of search clusters.</summary>
public interface IIndexStore
{
    /// <summary>Finds the endpoint of the cluster that answers, and who it is.</summary>
    /// <param name="resourceNamespace">Where the Secrets that the spec names live.</param>
    /// <exception cref="DependencyException">Nobody answers, or not to us; the message says why.</exception>
    Task<IIndexSession> Connect(string resourceNamespace, SearchClusterSpec cluster, CancellationToken cancellationToken);
}

/// <summary>
/// Port: one search cluster, for the length of one run. Safe to use from several tasks. Each request is bounded in time and size.
/// What an update must tell apart is a value; whatever else a cluster says or leaves unsaid is a
/// <see cref="DependencyException"/>, after which nobody knows whether the request had its effect.
/// </summary>
public interface IIndexSession : IAsyncDisposable
{
    /// <summary>As it was at <see cref="IIndexStore.Connect"/>.</summary>
    ClusterIdentity Identity { get; }

    /// <summary>Asked anew: another cluster may answer by now.</summary>
    Task<ClusterIdentity> Identify(CancellationToken cancellationToken);

    /// <summary>What an alias shows (<c>GET /{alias}</c>), and whether an index bears its name.</summary>
    Task<AliasView> Alias(string alias, CancellationToken cancellationToken);

    /// <summary>Every index <c>{prefix}*</c> with its uuid, mark and aliases; indices without our mark too.</summary>
    Task<ImmutableArray<IndexView>> Indices(string prefix, CancellationToken cancellationToken);

    /// <summary>One index by its exact name; null when there is none.</summary>
    Task<IndexView?> Find(string index, CancellationToken cancellationToken);

    /// <summary>What index templates would add to an index of that name (<c>_simulate_index</c>).</summary>
    Task<TemplateEffect> Simulate(string index, CancellationToken cancellationToken);

    /// <summary>Data nodes' disks and the cluster's own watermarks.</summary>
    Task<ImmutableArray<NodeRoom>> Room(CancellationToken cancellationToken);

    /// <param name="body">The whole request body: settings and mappings, our mark in <c>mappings._meta.clustergrains</c>.</param>
    Task<CreateAnswer> Create(string index, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>
    /// One atomic request: the index's private load aliases (<c>{index}.a*</c>) are replaced by <paramref name="alias"/>, or
    /// by nothing when it is null. False when the index is not there.
    /// </summary>
    Task<bool> PointLoadAlias(IndexView index, string? alias, CancellationToken cancellationToken);

    /// <summary>One <c>_bulk</c> request with <c>require_alias</c>. Never throws for what the cluster answers.</summary>
    /// <param name="alias">The private load alias.</param>
    /// <param name="body">Pairs of action and document lines, the last one ended; <paramref name="items"/> of them.</param>
    Task<BulkAnswer> Bulk(string alias, ReadOnlyMemory<byte> body, int items, CancellationToken cancellationToken);

    /// <summary><c>PUT /{index}/_settings</c>.</summary>
    Task Configure(string index, ReadOnlyMemory<byte> settings, CancellationToken cancellationToken);

    /// <summary><c>PUT /{index}/_block/write</c>; on engines without it, the setting.</summary>
    Task BlockWrites(string index, CancellationToken cancellationToken);

    /// <summary>Replaces the index's mark (<c>PUT /{index}/_mapping</c> with the whole <c>_meta</c>).</summary>
    Task Mark(string index, IndexMark mark, CancellationToken cancellationToken);

    /// <summary>Waits for nothing; the caller asks again. Null when the index is not there.</summary>
    Task<IndexHealth?> Health(string index, CancellationToken cancellationToken);

    /// <exception cref="DependencyException">Also when a shard did not take part: the counts would be wrong.</exception>
    Task Refresh(string index, CancellationToken cancellationToken);

    /// <summary>Documents in an index or behind an alias, and the size of the primaries.</summary>
    /// <exception cref="DependencyException">Also when a shard did not take part.</exception>
    Task<IndexSize> Count(string index, CancellationToken cancellationToken);

    /// <summary>Total hits of a search body.</summary>
    /// <exception cref="DependencyException">Also when a shard did not take part or it timed out.</exception>
    Task<SearchAnswer> Search(string index, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>
    /// The swap, one atomic <c>_aliases</c> request: <paramref name="alias"/> from <paramref name="from"/> (with
    /// <c>must_exist</c> where the engine takes it; null: only added) to <paramref name="to"/> as write index. Properties of
    /// the old alias are kept.
    /// </summary>
    /// <returns>What the cluster said. The truth is only what <see cref="Alias"/> shows afterwards.</returns>
    Task<SwapAnswer> Swap(string alias, AliasTarget? from, string to, CancellationToken cancellationToken);

    /// <summary>Deletes one index by its exact name, if its uuid is still this one and no alias is on it. False when it was not.</summary>
    Task<bool> Delete(string index, string uuid, CancellationToken cancellationToken);
}

/// <param name="IndexOfThatName">An index bears the alias's name: there can be no alias.</param>
/// <param name="Targets">The indices it shows; empty when there is no such alias.</param>
public sealed record AliasView(bool IndexOfThatName, ImmutableArray<AliasTarget> Targets);

/// <param name="Properties">Filter, routing and so on as JSON text, to be kept; empty for none. Without <c>is_write_index</c>.</param>
/// <param name="IsWriteIndex">As the cluster says; null where it leaves that open, and the only index takes the writes.</param>
public sealed record AliasTarget(string Index, string Properties = "", bool? IsWriteIndex = null);

/// <param name="Mark">Null for an index that is not ours.</param>
/// <param name="Aliases">All aliases on it, private ones too.</param>
public sealed record IndexView(string Name, string Uuid, IndexMark? Mark, ImmutableArray<string> Aliases);

/// <param name="Aliases">Aliases that a new index would get.</param>
/// <param name="Lifecycle">The ILM or ISM policy it would get; null for none.</param>
public sealed record TemplateEffect(ImmutableArray<string> Aliases, string? Lifecycle);

/// <param name="Total">Bytes.</param>
/// <param name="Available">Bytes.</param>
/// <param name="LowFree">Bytes that must stay free: below, the cluster places no more shards here.</param>
/// <param name="HighFree">Below, the cluster moves shards away.</param>
/// <param name="FloodFree">Below, indices turn read-only.</param>
public sealed record NodeRoom(string Node, long Total, long Available, long LowFree, long HighFree, long FloodFree);

/// <summary>What became of a new index.</summary>
public enum CreateResult
{
    Created,

    /// <summary>An index of that name is there already; whose it is says its mark.</summary>
    Exists,

    /// <summary>The cluster does not take these settings or mappings.</summary>
    Refused,

    /// <summary>The cluster's limit of shards is reached.</summary>
    NoRoom,
}

/// <param name="Reason">What the cluster said when it refused, type first.</param>
public sealed record CreateAnswer(CreateResult Result, string Reason = "");

/// <summary>What became of a bulk request, or of one of its items.</summary>
public enum BulkResult
{
    /// <summary>All items were taken, but for <see cref="BulkAnswer.Failed"/>.</summary>
    Taken,

    /// <summary>Not now: 429, 503, no connection, no answer in time. Nobody knows which items were taken; send all again, later.</summary>
    Busy,

    /// <summary>413: send it in halves.</summary>
    TooLarge,

    /// <summary>Flood stage or another block on the index: not before somebody makes room.</summary>
    Blocked,

    /// <summary>The alias or the index is gone: somebody else loads, or the index was lost.</summary>
    Gone,

    /// <summary>The cluster does not take the request as a whole, for example 401, 403 or 400.</summary>
    Refused,
}

/// <param name="Failed">Only the items that were not taken, ordered by position.</param>
/// <param name="RetryAfter">What the cluster asked for; null when it did not.</param>
/// <param name="Reason">What it said to the request as a whole; empty when it took it.</param>
public sealed record BulkAnswer(
    BulkResult Result, ImmutableArray<BulkItem> Failed, TimeSpan? RetryAfter = null, string Reason = "")
{
    public static BulkAnswer AllTaken { get; } = new(BulkResult.Taken, []);
}

/// <param name="Position">Of the item in its request, from 0.</param>
/// <param name="Result">Busy (send this one again), Blocked, Gone, or Refused (a poison document: never again).</param>
/// <param name="Type">The engine's name of the error.</param>
public sealed record BulkItem(int Position, BulkResult Result, int Status, string Type, string Reason)
{
    /// <summary>The cluster said that it is overloaded or has no shard for it now, which no document causes.</summary>
    public bool IsPushback => Status is 429 or 503 || Type.EndsWith("rejected_execution_exception", StringComparison.Ordinal)
        || Type.EndsWith("circuit_breaking_exception", StringComparison.Ordinal)
        || Type.EndsWith("unavailable_shards_exception", StringComparison.Ordinal);
}

/// <param name="Status">green, yellow or red.</param>
/// <param name="Moving">Shards that initialize or relocate.</param>
public sealed record IndexHealth(string Status, int Moving, int Unassigned, int DataNodes);

/// <param name="PrimaryBytes">0 when the cluster did not tell.</param>
public sealed record IndexSize(long Docs, long PrimaryBytes);

/// <param name="Refusal">Why the cluster cannot read the query; null when it can.</param>
public sealed record SearchAnswer(long Hits, string? Refusal = null);

/// <summary>What became of a swap.</summary>
public enum SwapResult
{
    /// <summary>Acknowledged by all nodes.</summary>
    Done,

    /// <summary>Accepted, not confirmed by all nodes in time.</summary>
    Unconfirmed,

    /// <summary>The alias was not where it was expected, in whichever of its shapes the engine says so.</summary>
    NotAsExpected,

    /// <summary>A block (flood stage, read-only) forbids it for now.</summary>
    Blocked,

    /// <summary>An index bears the alias's name.</summary>
    NameTaken,

    /// <summary>The new index is not there.</summary>
    Missing,
}

/// <param name="Reason">What the cluster said when it is not done.</param>
public sealed record SwapAnswer(SwapResult Result, string Reason = "");
