using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>One index of a pretend cluster.</summary>
internal sealed class PretendIndex(string name, string uuid, DateTimeOffset createdAt, IndexSettings settings)
{
    private volatile IndexSettings _settings = settings;
    private volatile ImmutableSortedDictionary<string, JsonObject> _aliases =
        ImmutableSortedDictionary.Create<string, JsonObject>(StringComparer.Ordinal);

    public string Name => name;

    /// <summary><c>index.uuid</c>: another one after a delete and a create.</summary>
    public string Uuid => uuid;

    public DateTimeOffset CreatedAt => createdAt;

    public IndexSettings Settings
    {
        get => _settings;
        set => _settings = value;
    }

    /// <summary>By name; what the alias was given: filter, routing, <c>is_write_index</c>.</summary>
    public ImmutableSortedDictionary<string, JsonObject> Aliases
    {
        get => _aliases;
        set => _aliases = value;
    }

    public IndexMapping Mapping { get; } = new();

    public DocumentStore Documents { get; } = new();

    /// <summary>Its primaries are gone for good: red until it is deleted.</summary>
    public bool Lost { get; set; }

    public int Shards => Settings.NumberOfShards;

    public int Replicas => Settings.NumberOfReplicas;

    /// <summary>The shard of a document. Not the engines' own hash; the same in every run.</summary>
    public int Shard(string id)
    {
        var hash = 2166136261u;
        foreach (var character in id)
        {
            hash = (hash ^ character) * 16777619;
        }

        return (int)(hash % (uint)Shards);
    }

    /// <summary>Why it cannot be written to; null when it can.</summary>
    public EngineError? RefuseWrite(Conditions now) =>
        Settings.Flag("index.blocks.write") ? IndexErrors.Blocked(Name, 403, "FORBIDDEN/8/index write (api)")
        : ReadOnly() ?? Flooded(now);

    /// <summary>Why its settings, mapping and aliases cannot be changed; null when they can.</summary>
    /// <param name="delete">The flood stage forbids everything but that.</param>
    public EngineError? RefuseChange(Conditions now, bool delete = false) =>
        Settings.Flag("index.blocks.metadata") ? IndexErrors.Blocked(Name, 403, "FORBIDDEN/9/index metadata (api)")
        : ReadOnly() ?? (delete || !now.FloodForbidsChanges ? null : Flooded(now));

    /// <summary>Searches see what is written within a second, which here is at once, unless that is switched off.</summary>
    public void RefreshIfItDoes()
    {
        if (Settings.RefreshesItself)
        {
            Documents.Refresh();
        }
    }

    public JsonObject SettingsToJson(PretendEngine engine)
    {
        var flat = new JsonObject();
        foreach (var (key, value) in Settings.Values)
        {
            flat[key] = value.StartsWith('[') ? JsonNode.Parse(value) : JsonValue.Create(value);
        }

        flat["index.number_of_shards"] = Shards.ToString(CultureInfo.InvariantCulture);
        flat["index.number_of_replicas"] = Replicas.ToString(CultureInfo.InvariantCulture);
        flat["index.creation_date"] = createdAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        flat["index.uuid"] = uuid;
        flat["index.provided_name"] = name;
        flat["index.version.created"] = engine.Number.Replace(".", "", StringComparison.Ordinal);
        return flat;
    }

    private EngineError? ReadOnly() => Settings.Flag("index.blocks.read_only")
        ? IndexErrors.Blocked(Name, 403, "FORBIDDEN/5/index read-only (api)")
        : null;

    private EngineError? Flooded(Conditions now) => now.Flooded || Settings.Flag("index.blocks.read_only_allow_delete")
        ? IndexErrors.Blocked(
            Name,
            429,
            "TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block")
        : null;
}
