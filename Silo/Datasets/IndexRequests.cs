using System.Buffers;
using ClusterGrains.Clusters;

namespace ClusterGrains.Datasets;

/// <summary>Every request there is, as one engine in one version wants it.</summary>
internal sealed class IndexRequests(EngineFeatures engine)
{
    private const int Mebibyte = 1024 * 1024;

    /// <summary>Engines filter what they say of errors too.</summary>
    private const string Errors = "filter_path=error,status";

    private const string About = Errors + ",*.aliases,*.mappings._meta,*.settings.index.uuid";

    private static readonly SearchValues<char> Special = SearchValues.Create("*?,<>\"\\/| #:");

    private static readonly TimeSpan ForChanges = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ForLongWork = TimeSpan.FromMinutes(2);

    /// <summary>Shorter than our own patience: the cluster says "not confirmed" before nobody listens.</summary>
    private readonly string _confirmed = $"timeout=20s&{engine.ManagerTimeout}=20s";

    public static IndexRequest Identify { get; } = new(HttpMethod.Get, ClusterRequest.Identify.Relative);

    public static IndexRequest TrueVersion { get; } = new(HttpMethod.Get, ClusterRequest.TrueVersion.Relative);

    public static IndexRequest NodeStats { get; } = new(HttpMethod.Get, ClusterRequest.NodeStats.Relative);

    public static IndexRequest ClusterSettings { get; } = new(HttpMethod.Get, ClusterRequest.Settings.Relative);

    public static IndexRequest LegacyTemplates { get; } = new(HttpMethod.Get, "_template");

    /// <param name="name">Of an index, or of an alias: then all indices that it shows.</param>
    public static IndexRequest Index(string name) => new(HttpMethod.Get, $"{Exact(name)}?expand_wildcards=all&{About}");

    /// <summary>One answer for all of them: nothing changes between their parts.</summary>
    public static IndexRequest Indices(string prefix) => new(
        HttpMethod.Get, $"{Exact(prefix)}*?expand_wildcards=all&ignore_unavailable=true&allow_no_indices=true&{About}");

    public static IndexRequest Simulate(string index) => new(HttpMethod.Post, $"_index_template/_simulate_index/{Exact(index)}");

    public static IndexRequest Health(string index) => new(
        HttpMethod.Get, $"_cluster/health/{Exact(index)}?level=cluster&timeout=1s");

    public static IndexRequest Refresh(string index) => new(HttpMethod.Post, $"{Exact(index)}/_refresh") { AtLeast = ForLongWork };

    public static IndexRequest Count(string index) => new(HttpMethod.Get, $"{Exact(index)}/_count") { AtLeast = ForLongWork };

    public static IndexRequest Size(string index) => new(
        HttpMethod.Get, $"{Exact(index)}/_stats/store?{Errors},_all.primaries.store.size_in_bytes");

    /// <summary>The number of hits is all that is wanted; the query's parameters go over the body's.</summary>
    public static IndexRequest Search(string index, ReadOnlyMemory<byte> body) => new(
        HttpMethod.Post,
        $"{Exact(index)}/_search?size=0&track_total_hits=true&allow_partial_search_results=false"
            + $"&{Errors},timed_out,_shards,hits.total")
    {
        Body = body,
        AtLeast = ForLongWork,
    };

    /// <summary>The positions of failures are only known when every item has its status.</summary>
    public static IndexRequest Bulk(string alias, ReadOnlyMemory<byte> body) => new(
        HttpMethod.Post,
        $"{Exact(alias)}/_bulk?require_alias=true"
            + $"&{Errors},errors,items.*.status,items.*.error.type,items.*.error.reason")
    {
        Body = body,
        ContentType = "application/x-ndjson",
        AtLeast = ForLongWork,
        MaxBytes = 64 * Mebibyte,
    };

    public IndexRequest Create(string index, ReadOnlyMemory<byte> body) =>
        Change(HttpMethod.Put, $"{Exact(index)}?wait_for_active_shards=1&{_confirmed}", body);

    public IndexRequest Aliases(ReadOnlyMemory<byte> actions) => Change(HttpMethod.Post, $"_aliases?{_confirmed}", actions);

    public IndexRequest Settings(string index, ReadOnlyMemory<byte> settings) =>
        Change(HttpMethod.Put, $"{Exact(index)}/_settings?{_confirmed}", settings);

    /// <summary>Waits for the writes under way, so it may take long.</summary>
    public IndexRequest BlockWrites(string index) => engine.Blocks
        ? Change(HttpMethod.Put, $"{Exact(index)}/_block/write?{_confirmed}", null) with { AtLeast = ForLongWork }
        : Settings(index, """{"index":{"blocks":{"write":true}}}"""u8.ToArray());

    public IndexRequest Mapping(string index, ReadOnlyMemory<byte> mapping) =>
        Change(HttpMethod.Put, $"{Exact(index)}/_mapping?{_confirmed}", mapping);

    public IndexRequest Delete(string index) => Change(HttpMethod.Delete, $"{Exact(index)}?{_confirmed}", null);

    private static IndexRequest Change(HttpMethod method, string relative, ReadOnlyMemory<byte>? body) =>
        new(method, relative) { Body = body, AtLeast = ForChanges };

    /// <summary>A name that means itself and nothing more: no pattern, list, date arithmetic or API.</summary>
    private static string Exact(string name) =>
        name.Length > 0 && name[0] is not ('_' or '-' or '+') && name is not ("." or "..")
            && name.AsSpan().IndexOfAny(Special) < 0
            ? Uri.EscapeDataString(name)
            : throw new ArgumentException($"'{name}' is not the exact name of an index or alias.", nameof(name));
}
