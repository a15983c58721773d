using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>Indices themselves: created, looked at, changed, deleted.</summary>
internal sealed class IndexEndpoints(PretendIndices indices)
{
    private static readonly string[] Blocks = ["metadata", "read", "read_only", "write"];

    public ClusterAnswer Create(IndexRequest request)
    {
        var body = request.Json();
        if (body?.Select(part => part.Key).FirstOrDefault(key => key is not ("settings" or "mappings" or "aliases")) is { } unknown)
        {
            throw new EngineError(400, "parse_exception", $"unknown key [{unknown}] for create index").Thrown();
        }

        var index = indices.Create(request.Target, body);
        return request.Reply(new JsonObject
        {
            ["acknowledged"] = true,
            ["shards_acknowledged"] = true,
            ["index"] = index.Name,
        });
    }

    public ClusterAnswer Get(IndexRequest request) => request.Reply(PerIndex(request, index => new JsonObject
    {
        ["aliases"] = AliasEndpoints.Aliases(index),
        ["mappings"] = index.Mapping.ToJson(),
        ["settings"] = Settings(index, request),
    }));

    public ClusterAnswer Delete(IndexRequest request)
    {
        if (request.Target.Split(',').Any(IndexNames.IsPattern))
        {
            throw IndexErrors.IllegalArgument("Wildcard expressions or all indices are not allowed").Thrown();
        }

        lock (indices.Changing)
        {
            var doomed = indices.Concrete(request.Target);
            Permit(doomed, request.Now, delete: true);
            indices.Remove(doomed.Select(index => index.Name));
        }

        return request.Reply(IndexRequest.Acknowledged());
    }

    public ClusterAnswer GetMapping(IndexRequest request) =>
        request.Reply(PerIndex(request, index => new JsonObject { ["mappings"] = index.Mapping.ToJson() }));

    public ClusterAnswer PutMapping(IndexRequest request)
    {
        var mapping = request.RequiredJson();
        lock (indices.Changing)
        {
            var changed = indices.Resolve(request.Target);
            Permit(changed, request.Now);
            foreach (var index in changed)
            {
                index.Mapping.Merge(mapping, indices.Engine);
            }
        }

        return request.Reply(IndexRequest.Acknowledged());
    }

    public ClusterAnswer GetSettings(IndexRequest request) =>
        request.Reply(PerIndex(request, index => new JsonObject { ["settings"] = Settings(index, request) }));

    public ClusterAnswer PutSettings(IndexRequest request)
    {
        var body = request.RequiredJson();
        var changes = IndexSettings.Flat(body);
        lock (indices.Changing)
        {
            var changed = indices.Resolve(request.Target);
            // Whoever takes a block away must not be kept from it by the block.
            if (!changes.All(change => change.Key.StartsWith("index.blocks.", StringComparison.Ordinal)))
            {
                Permit(changed, request.Now);
            }

            var after = changed.Select(index => index.Settings.With(body, indices.Engine)).ToArray();
            foreach (var index in changed)
            {
                if (IndexSettings.RefuseChange(index, changes) is { } refusal)
                {
                    throw refusal.Thrown();
                }
            }

            foreach (var (index, settings) in changed.Zip(after))
            {
                index.Settings = settings;
            }
        }

        return request.Reply(IndexRequest.Acknowledged());
    }

    public ClusterAnswer AddBlock(IndexRequest request)
    {
        var block = request.Values["block"];
        if (!Blocks.Contains(block))
        {
            throw IndexErrors.IllegalArgument($"No block found with name {block}").Thrown();
        }

        IReadOnlyList<PretendIndex> blocked;
        lock (indices.Changing)
        {
            blocked = indices.Concrete(request.Target);
            Permit(blocked, request.Now);
            foreach (var index in blocked)
            {
                index.Settings = index.Settings.With($"index.blocks.{block}", "true");
            }
        }

        return request.Reply(new JsonObject
        {
            ["acknowledged"] = true,
            ["shards_acknowledged"] = true,
            ["indices"] = new JsonArray(
                [.. blocked.Select(index => new JsonObject { ["name"] = index.Name, ["blocked"] = true })]),
        });
    }

    private JsonObject PerIndex(IndexRequest request, Func<PretendIndex, JsonNode> show) => new(
        indices.Resolve(request.Target).Select(index => KeyValuePair.Create<string, JsonNode?>(index.Name, show(index))));

    private JsonObject Settings(PretendIndex index, IndexRequest request)
    {
        var flat = index.SettingsToJson(indices.Engine);
        if (request.Flag("include_defaults") && flat["index.refresh_interval"] is null)
        {
            flat["index.refresh_interval"] = "1s";
        }

        return request.Flag("flat_settings")
            ? flat
            : (JsonObject)FlatSettings.Nest(new JsonObject { ["settings"] = flat })["settings"]!.DeepClone();
    }

    private static void Permit(IEnumerable<PretendIndex> some, Conditions now, bool delete = false)
    {
        foreach (var index in some)
        {
            if (index.RefuseChange(now, delete) is { } refusal)
            {
                throw refusal.Thrown();
            }
        }
    }
}
