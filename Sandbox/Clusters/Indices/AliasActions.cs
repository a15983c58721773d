using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>One action of <c>_aliases</c>.</summary>
/// <param name="Kind"><c>add</c>, <c>remove</c> or <c>remove_index</c>.</param>
/// <param name="Given">The action's parameters.</param>
internal sealed record AliasAction(string Kind, IReadOnlyList<string> Indices, IReadOnlyList<string> Aliases, JsonObject Given)
{
    public bool MustExist => (bool?)Given["must_exist"] == true;
}

/// <summary>Reads the body of <c>_aliases</c>, and refuses what the engine's version does not know.</summary>
internal static class AliasActions
{
    private static readonly string[] Targets = ["index", "indices", "alias", "aliases"];

    private static readonly string[] Stored =
        ["filter", "index_routing", "search_routing", "is_write_index", "is_hidden"];

    /// <exception cref="EngineException">It is no list of actions.</exception>
    public static IReadOnlyList<AliasAction> Parse(JsonNode? body, PretendEngine engine)
    {
        if ((body as JsonObject)?["actions"] is not JsonArray { Count: > 0 } actions)
        {
            throw IndexErrors.Validation("Must specify at least one alias action").Thrown();
        }

        return [.. actions.Select(action => Parse(action as JsonObject ?? [], engine))];
    }

    /// <summary>What the engine keeps of an alias's parameters.</summary>
    public static JsonObject Properties(JsonObject given)
    {
        var kept = new JsonObject();
        foreach (var name in Stored)
        {
            if (given[name] is { } value)
            {
                kept[name] = value.DeepClone();
            }
        }

        if (given["routing"] is { } both)
        {
            kept["index_routing"] = both.DeepClone();
            kept["search_routing"] = both.DeepClone();
        }

        return kept;
    }

    private static AliasAction Parse(JsonObject action, PretendEngine engine)
    {
        if (action is not { Count: 1 } || action.First() is not { Value: JsonObject given } only)
        {
            throw Unknown("alias_action", "actions").Thrown();
        }

        var kind = only.Key;
        if (kind is not ("add" or "remove" or "remove_index"))
        {
            throw Unknown(kind, "alias_action").Thrown();
        }

        foreach (var (name, _) in given)
        {
            if (!Knows(kind, name, engine))
            {
                throw Unknown(name, kind).Thrown();
            }
        }

        var indices = Names(given, "index", "indices");
        var aliases = Names(given, "alias", "aliases");
        if (indices.Count == 0)
        {
            throw IndexErrors.IllegalArgument("One of [index] or [indices] is required").Thrown();
        }

        if (aliases.Count == 0 && kind != "remove_index")
        {
            throw IndexErrors.IllegalArgument("One of [alias] or [aliases] is required").Thrown();
        }

        return new AliasAction(kind, indices, aliases, given);
    }

    private static bool Knows(string kind, string name, PretendEngine engine) => name switch
    {
        "must_exist" => (kind == "remove" && (!engine.IsOpenSearch || engine.Major > 2 || engine is { Major: 2, Minor: >= 12 }))
            || (kind == "remove_index" && !engine.IsOpenSearch),
        "routing" => kind == "add",
        _ when Targets.Contains(name) => kind != "remove_index" || name is "index" or "indices",
        _ => kind == "add" && Stored.Contains(name),
    };

    private static List<string> Names(JsonObject given, string one, string many) =>
    [
        .. given[one] is { } single ? [single.ToString()] : Array.Empty<string>(),
        .. given[many] is JsonArray list ? list.Select(name => name!.ToString()) : [],
    ];

    private static EngineError Unknown(string field, string parent) =>
        new(400, "x_content_parse_exception", "[1:2] [aliases] failed to parse field [actions]")
        {
            CausedBy = new EngineError(400, "x_content_parse_exception", $"[1:2] [alias_action] failed to parse field [{parent}]")
            {
                CausedBy = new EngineError(400, "x_content_parse_exception", $"[1:2] [{parent}] unknown field [{field}]"),
            },
        };
}
