namespace ClusterGrains.Clusters;

/// <summary>One request of a check.</summary>
/// <param name="Relative">Path and query, appended to the endpoint.</param>
/// <param name="MaxBytes">The largest answer accepted, after decompression.</param>
internal sealed record ClusterRequest(Step Step, string Relative, int MaxBytes)
{
    private const int Kibibyte = 1024;
    private const int Mebibyte = 1024 * Kibibyte;

    public static ClusterRequest Identify { get; } = new(Step.Identify, "", 64 * Kibibyte);

    /// <summary>
    /// The version behind <c>compatibility.override_main_response_version</c>, with which OpenSearch 1 and 2 pretend to be
    /// 7.10.2.
    /// </summary>
    public static ClusterRequest TrueVersion { get; } = new(
        Step.Identify, "_nodes/_local?filter_path=nodes.*.version", 64 * Kibibyte);

    public static ClusterRequest NodeStats { get; } = new(
        Step.NodeStats,
        "_nodes/stats/fs,jvm?filter_path=_nodes,nodes.*.name,nodes.*.roles,nodes.*.fs.total,nodes.*.jvm.mem.heap_used_percent",
        16 * Mebibyte);

    /// <summary>Unfiltered: whether a filter path reaches flat keys, which hold dots, differs between versions.</summary>
    public static ClusterRequest Settings { get; } = new(
        Step.Settings, "_cluster/settings?include_defaults=true&flat_settings=true", 16 * Mebibyte);

    /// <summary>Without an elected manager the cluster would wait 30 s for one.</summary>
    public static ClusterRequest Health(Engine engine, EngineVersion? version)
    {
        var patience = ManagerTimeout(engine, version) is { } name ? $"&{name}=5s" : "";
        return new(Step.Health, $"_cluster/health?level=cluster&timeout=5s{patience}", Mebibyte);
    }

    /// <summary>
    /// The parameter for how long an elected manager is waited for. OpenSearch renamed it in 2.0; an engine that is not
    /// known is not given a name that it may refuse, but null.
    /// </summary>
    public static string? ManagerTimeout(Engine engine, EngineVersion? version) => engine switch
    {
        Engine.OpenSearch => version is { Major: < 2 } ? "master_timeout" : "cluster_manager_timeout",
        Engine.Elasticsearch => "master_timeout",
        _ => null,
    };
}
