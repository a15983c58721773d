using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Clusters.Indices;
using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>
/// The part of the engines' REST API that ClusterGrains uses, and their refusals of everything else, down to a
/// parameter that the endpoint does not have in that version.
/// </summary>
internal sealed class ClusterApi(PretendClusterOptions options, ClusterVitals vitals, PretendIndices indices)
{
    private const string NodeStats = "/_nodes/stats";

    /// <summary>The parameters of every endpoint.</summary>
    internal static readonly string[] Everywhere = ["error_trace", "filter_path", "format", "human", "pretty"];

    /// <summary>What every node of <c>_nodes/stats</c> says, whatever the metrics asked for.</summary>
    private static readonly HashSet<string> AboutTheNode =
        ["timestamp", "name", "transport_address", "host", "ip", "roles", "attributes"];

    private static readonly HashSet<string> Metrics = ["indices", "os", "process", "jvm", "fs"];

    private static readonly Endpoint[] Endpoints =
    [
        new("/", "identity", "cluster:monitor/main", NeedsMaster: false, []),
        new(
            "/_cluster/health",
            "health",
            "cluster:monitor/health",
            NeedsMaster: true,
            ["level", "local", "timeout", "master_timeout", "cluster_manager_timeout", "expand_wildcards"]),
        new(
            "/_cluster/settings",
            "settings",
            "cluster:monitor/state",
            NeedsMaster: true,
            ["flat_settings", "include_defaults", "timeout", "master_timeout", "cluster_manager_timeout"]),
        new("/_cluster/stats", "cluster-stats", "cluster:monitor/stats", NeedsMaster: false, ["timeout"]),
        new(NodeStats, "nodes-stats", "cluster:monitor/nodes/stats", NeedsMaster: false, ["timeout", "level"]),
    ];

    private readonly PretendIndices _ofAnother = new($"another {options.Name}", options.Engine, options.Time);
    private readonly IndexApi _own = new(indices, vitals);
    private IndexApi? _another;
    private int _items;

    /// <param name="body">Decompressed.</param>
    /// <param name="items">Refuses items of a bulk by their position; null refuses none.</param>
    public ClusterAnswer Answer(
        HttpRequest request, ReadOnlyMemory<byte> body, Breakage breakage, Func<int, EngineError?>? items = null)
    {
        var path = request.Path.Value is { Length: > 0 } given ? given : "/";
        if (breakage == Breakage.Throttled)
        {
            return EngineErrors.Throttled();
        }

        if (breakage == Breakage.Unauthorized
            || (options.Authorization is { } wanted && wanted != request.Headers.Authorization))
        {
            return EngineErrors.Unauthorized(options.Engine, path);
        }

        if (Find(path) is not { } endpoint)
        {
            return Indices(breakage).Answer(request, body, Now(breakage, items), route => Refuse(route, breakage))
                ?? EngineErrors.NoSuchPath(path, request.Method);
        }

        if (!HttpMethods.IsGet(request.Method) && !(HttpMethods.IsHead(request.Method) && path == "/"))
        {
            return EngineErrors.WrongMethod(path, request.Method);
        }

        return Refusal(endpoint, request, path, breakage) ?? Golden(endpoint, request, path, breakage);
    }

    private IndexApi Indices(Breakage breakage) => breakage == Breakage.AnotherUuid
        ? _another ??= new IndexApi(_ofAnother, vitals)
        : _own;

    private Conditions Now(Breakage breakage, Func<int, EngineError?>? items) => new()
    {
        Breakage = breakage,
        DataNodes = vitals.DataNodes,
        Flooded = vitals.IsFlooded(breakage),
        FloodForbidsChanges = options.Engine.IsOpenSearch || options.Engine.Major < 8,
        Items = breakage == Breakage.ItemsThrottled
            ? _ => Interlocked.Increment(ref _items) % 3 == 0 ? IndexErrors.Rejected(options.Engine) : null
            : items,
    };

    private ClusterAnswer? Refuse(IndexRoute route, Breakage breakage) => breakage switch
    {
        Breakage.Forbidden => EngineErrors.Forbidden(options.Engine, route.Action),
        Breakage.NoMaster when route.Action.StartsWith("indices:data/write", StringComparison.Ordinal) =>
            IndexErrors.NoMaster().Answer(),
        // What the shards know by themselves goes on without one.
        Breakage.NoMaster when !route.Action.StartsWith("indices:data/read", StringComparison.Ordinal) =>
            EngineErrors.NoMaster(options.Engine),
        Breakage.BulkThrottled when route.Action == "indices:data/write/bulk" =>
            IndexErrors.Rejected(options.Engine).Answer(),
        _ => null,
    };

    private static Endpoint? Find(string path) => Endpoints.FirstOrDefault(endpoint =>
        path == endpoint.Path
        || (endpoint.Path == NodeStats && path.StartsWith(NodeStats + "/", StringComparison.Ordinal)));

    private ClusterAnswer? Refusal(Endpoint endpoint, HttpRequest request, string path, Breakage breakage)
    {
        string[] unknown = [.. request.Query.Keys.Where(name => !Accepts(endpoint, name))];
        if (unknown.Length > 0)
        {
            return EngineErrors.UnknownParameters(path, unknown);
        }

        return breakage switch
        {
            Breakage.Forbidden => EngineErrors.Forbidden(options.Engine, endpoint.Action),
            Breakage.NoMaster when endpoint.NeedsMaster => EngineErrors.NoMaster(options.Engine),
            _ => null,
        };
    }

    private bool Accepts(Endpoint endpoint, string parameter) =>
        Everywhere.Contains(parameter)
        || (endpoint.Parameters.Contains(parameter)
            && (parameter != "cluster_manager_timeout" || options.Engine is { IsOpenSearch: true, Major: >= 2 }));

    private ClusterAnswer Golden(Endpoint endpoint, HttpRequest request, string path, Breakage breakage)
    {
        var body = GoldenAnswer.Fill(options.Engine.Golden(endpoint.Golden), vitals.Under(breakage, Shards(breakage)));
        if (endpoint.Path == NodeStats && path.Length > NodeStats.Length)
        {
            string[] metrics = path[(NodeStats.Length + 1)..].Split(',');
            string[] unknown = [.. metrics.Where(metric => metric != "_all" && !Metrics.Contains(metric))];
            if (unknown.Length > 0)
            {
                return EngineErrors.UnknownMetrics(path, unknown);
            }

            KeepMetrics(body, metrics);
        }

        if (endpoint.Golden == "settings")
        {
            body = AsAsked(body, request.Query);
        }

        return ClusterAnswer.Json(
            FilterPath.Keep(body, request.Query["filter_path"]), pretty: Flag(request.Query, "pretty"));
    }

    private ShardState[] Shards(Breakage breakage)
    {
        var now = Now(breakage, items: null);
        return [.. (breakage == Breakage.AnotherUuid ? _ofAnother : indices).All.Select(index => ShardState.Of(index, now))];
    }

    private static void KeepMetrics(JsonObject body, string[] metrics)
    {
        if (metrics.Contains("_all"))
        {
            return;
        }

        foreach (var node in ((JsonObject)body["nodes"]!).Select(entry => (JsonObject)entry.Value!))
        {
            string[] unwanted =
                [.. node.Select(part => part.Key).Where(key => !AboutTheNode.Contains(key) && !metrics.Contains(key))];
            foreach (var key in unwanted)
            {
                node.Remove(key);
            }
        }
    }

    private static JsonObject AsAsked(JsonObject settings, IQueryCollection query)
    {
        if (!Flag(query, "include_defaults"))
        {
            settings.Remove("defaults");
        }

        return Flag(query, "flat_settings") ? settings : FlatSettings.Nest(settings);
    }

    private static bool Flag(IQueryCollection query, string name) =>
        query.TryGetValue(name, out var value) && (string?)value is "" or "true";

    /// <param name="Golden">The golden answer's file.</param>
    /// <param name="Action">The engines' name of the privilege, as their 403 quotes it.</param>
    /// <param name="NeedsMaster">Whether it answers 503 without an elected master.</param>
    /// <param name="Parameters">The query parameters it has, besides those of every endpoint.</param>
    private sealed record Endpoint(string Path, string Golden, string Action, bool NeedsMaster, string[] Parameters);
}
