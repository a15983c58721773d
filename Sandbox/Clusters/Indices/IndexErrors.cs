using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>How the engines refuse what is asked of indices. Types and texts are theirs.</summary>
internal static class IndexErrors
{
    private const int Bad = StatusCodes.Status400BadRequest;

    public static EngineError IllegalArgument(string reason) => new(Bad, "illegal_argument_exception", reason);

    public static EngineError Parsing(string reason) => new(Bad, "parsing_exception", reason);

    public static EngineError Validation(string reason) =>
        new(Bad, "action_request_validation_exception", $"Validation Failed: 1: {reason};");

    public static EngineError NoIndex(string index) =>
        new(StatusCodes.Status404NotFound, "index_not_found_exception", $"no such index [{index}]") { Index = index };

    public static EngineError NotAnAlias(string index) => NoIndex(index) with
    {
        Reason = $"no such index [{index}] and [require_alias] request flag is [true] and [{index}] is not an alias",
    };

    public static EngineError IsAlias(string name) => IllegalArgument(
        $"The provided expression [{name}] matches an alias, specify the corresponding concrete indices instead.");

    public static EngineError NoAliases(string names) =>
        new(StatusCodes.Status404NotFound, "aliases_not_found_exception", $"aliases [{names}] missing")
        {
            Resource = ("aliases", names),
        };

    public static EngineError BadName(string name, string why) =>
        new(Bad, "invalid_index_name_exception", $"Invalid index name [{name}], {why}") { Index = name };

    public static EngineError Exists(PretendIndex index) =>
        new(Bad, "resource_already_exists_exception", $"index [{index.Name}/{index.Uuid}] already exists")
        {
            Index = index.Name,
            IndexUuid = index.Uuid,
        };

    public static EngineError Mapping(string reason) => new(Bad, "mapper_parsing_exception", reason);

    public static EngineError UnknownSetting(string name) => IllegalArgument(
        $"unknown setting [{name}] please check that any required plugins are installed, or check the breaking "
        + "changes documentation for removed settings");

    public static EngineError Blocked(string index, int status, string block) =>
        new(status, "cluster_block_exception", $"index [{index}] blocked by: [{block}];");

    public static EngineError Json(string reason) => new(Bad, "json_parse_exception", reason);

    public static EngineError ShardUnavailable(PretendIndex index, int shard) => new(
        StatusCodes.Status503ServiceUnavailable,
        "unavailable_shards_exception",
        $"[{index.Name}][{shard}] primary shard is not active Timeout: [1m]");

    public static EngineError AllShardsFailed() =>
        new(StatusCodes.Status503ServiceUnavailable, "search_phase_execution_exception", "all shards failed");

    /// <summary>A write queue is full; which one says only the text.</summary>
    public static EngineError Rejected(PretendEngine engine) => engine.IsOpenSearch
        ? new(
            StatusCodes.Status429TooManyRequests,
            "rejected_execution_exception",
            "rejected execution of coordinating operation [coordinating_and_primary_bytes=95396333, replica_bytes=0, "
                + "all_bytes=95396333, coordinating_operation_bytes=22949230, max_coordinating_and_primary_bytes=107374182]")
        : new(
            StatusCodes.Status429TooManyRequests,
            "es_rejected_execution_exception",
            "rejected execution of TimedRunnable{} on EsThreadPoolExecutor[name = node-0/write, queue capacity = 200]");

    public static EngineError NoMaster() => new(
        StatusCodes.Status503ServiceUnavailable,
        "cluster_block_exception",
        "blocked by: [SERVICE_UNAVAILABLE/2/no master];");

    public static EngineError TooLarge(long bytes) => new(
        StatusCodes.Status413PayloadTooLarge,
        "content_too_long_exception",
        $"entity content is too long [{bytes}] for the configured buffer limit [104857600]");
}
