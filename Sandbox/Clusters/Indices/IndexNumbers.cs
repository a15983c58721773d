using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>Health, statistics and disks.</summary>
internal sealed class IndexNumbers(PretendIndices indices, ClusterVitals vitals)
{
    private static readonly string[] Worst = ["green", "yellow", "red"];

    /// <summary>
    /// Answers at once: what the caller would wait for is there or will not come by itself. What is missing then is a
    /// 408, as after the wait.
    /// </summary>
    public ClusterAnswer Health(IndexRequest request)
    {
        var wanted = (string?)request.Query["wait_for_status"] ?? "red";
        IReadOnlyList<PretendIndex>? some = null;
        try
        {
            some = indices.Resolve(request.Target);
        }
        catch (EngineException)
        {
            // The engines wait for the index to appear.
        }

        var states = some?.Select(index => ShardState.Of(index, request.Now)).ToArray() ?? [];
        var status = some is null ? "red" : Worst[states.Select(state => Array.IndexOf(Worst, state.Status)).DefaultIfEmpty(0).Max()];
        var timedOut = some is null || Array.IndexOf(Worst, status) > Array.IndexOf(Worst, wanted);
        var active = states.Sum(state => state.Active);
        var unassigned = states.Sum(state => state.Unassigned);
        return request.Reply(
            new JsonObject
            {
                ["cluster_name"] = vitals.Name,
                ["status"] = status,
                ["timed_out"] = timedOut,
                ["number_of_nodes"] = 3,
                ["number_of_data_nodes"] = vitals.DataNodes,
                ["active_primary_shards"] = states.Sum(state => state.Primaries),
                ["active_shards"] = active,
                ["relocating_shards"] = 0,
                ["initializing_shards"] = 0,
                ["unassigned_shards"] = unassigned,
                ["delayed_unassigned_shards"] = 0,
                ["number_of_pending_tasks"] = 0,
                ["number_of_in_flight_fetch"] = 0,
                ["task_max_waiting_in_queue_millis"] = 0,
                ["active_shards_percent_as_number"] = active + unassigned == 0 ? 100.0 : 100.0 * active / (active + unassigned),
            },
            timedOut ? StatusCodes.Status408RequestTimeout : StatusCodes.Status200OK);
    }

    public ClusterAnswer Stats(IndexRequest request)
    {
        var some = indices.Resolve(request.Target);
        foreach (var index in some)
        {
            index.RefreshIfItDoes();
        }

        var answer = new JsonObject
        {
            ["_shards"] = new JsonObject
            {
                ["total"] = some.Sum(index => index.Shards * (1 + index.Replicas)),
                ["successful"] = some.Sum(index => ShardState.Of(index, request.Now).Active),
                ["failed"] = 0,
            },
            ["_all"] = Both(some.Sum(Docs), some.Sum(index => index.Documents.Bytes), some.Max(index => (int?)index.Replicas) ?? 0),
        };
        answer["indices"] = new JsonObject(some.Select(index =>
        {
            var numbers = Both(Docs(index), index.Documents.Bytes, index.Replicas);
            numbers.Insert(0, "uuid", index.Uuid);
            return KeyValuePair.Create<string, JsonNode?>(index.Name, numbers);
        }));
        return request.Reply(answer);
    }

    /// <summary>Always JSON, and always in bytes; without <c>bytes=b</c> the engines would write <c>46gb</c>.</summary>
    public ClusterAnswer Allocation(IndexRequest request)
    {
        if (request.Query["format"] != "json" || request.Query["bytes"] != "b")
        {
            throw IndexErrors.IllegalArgument("this pretend cluster answers _cat/allocation with format=json and bytes=b only")
                .Thrown();
        }

        var shards = (ClusterVitals.OwnShards + indices.All.Sum(index => index.Shards * (1 + index.Replicas))) / vitals.DataNodes;
        return request.Reply(new JsonArray(
        [
            .. vitals.Disks(request.Now.Breakage).Select(disk => new JsonObject
            {
                ["shards"] = Text(shards),
                ["disk.indices"] = Text(indices.All.Sum(index => index.Documents.Bytes) / vitals.DataNodes),
                ["disk.used"] = Text(disk.Total - disk.Available),
                ["disk.avail"] = Text(disk.Available),
                ["disk.total"] = Text(disk.Total),
                ["disk.percent"] = Text(100 * (disk.Total - disk.Available) / disk.Total),
                ["host"] = "127.0.0.1",
                ["ip"] = "127.0.0.1",
                ["node"] = disk.Node,
            }),
        ]));
    }

    private static long Docs(PretendIndex index) => index.Documents.Visible;

    private static JsonObject Both(long docs, long bytes, int replicas) => new()
    {
        ["primaries"] = One(docs, bytes),
        ["total"] = One(docs * (1 + replicas), bytes * (1 + replicas)),
    };

    private static JsonObject One(long docs, long bytes) => new()
    {
        ["docs"] = new JsonObject { ["count"] = docs, ["deleted"] = 0 },
        ["store"] = new JsonObject { ["size_in_bytes"] = bytes, ["reserved_in_bytes"] = 0 },
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
