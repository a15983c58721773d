using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>
/// The <c>filter_path</c> of every API: comma-separated paths, <c>*</c> for any part of one name, <c>**</c> for any
/// number of names. A flat settings key counts as one name, dots and all, so a path with dots does not reach into it.
/// </summary>
internal static class FilterPath
{
    public static JsonNode Keep(JsonNode body, string? filterPath)
    {
        if (string.IsNullOrEmpty(filterPath))
        {
            return body;
        }

        return Keep(body, Parse(filterPath)) ?? new JsonObject();
    }

    /// <summary>Whether the value at the end of these names would be kept. Lists have no name.</summary>
    public static bool Reaches(string? filterPath, params IReadOnlyList<string> names)
    {
        if (string.IsNullOrEmpty(filterPath))
        {
            return true;
        }

        IReadOnlyList<string[]> paths = Parse(filterPath);
        foreach (var name in names)
        {
            if (paths.Any(path => path is [] or ["**"]))
            {
                return true;
            }

            paths = Advance(paths, name);
        }

        return paths.Any(path => path is [] or ["**"]);
    }

    private static string[][] Parse(string filterPath) =>
        [.. filterPath.Split(',').Select(path => path.Trim().Split('.'))];

    /// <summary>What the paths reach in a node; null for nothing.</summary>
    private static JsonNode? Keep(JsonNode? node, IReadOnlyList<string[]> paths)
    {
        if (paths.Any(path => path is [] or ["**"]))
        {
            return node?.DeepClone();
        }

        return node switch
        {
            JsonObject map => NullIfEmpty(new JsonObject(
                from property in map
                let kept = Keep(property.Value, Advance(paths, property.Key))
                where kept is not null
                select KeyValuePair.Create<string, JsonNode?>(property.Key, kept))),
            JsonArray list => NullIfEmpty(new JsonArray(
                [.. list.Select(item => Keep(item, paths)).Where(kept => kept is not null)])),
            _ => null,
        };
    }

    private static List<string[]> Advance(IReadOnlyList<string[]> paths, string name)
    {
        var next = new List<string[]>();
        foreach (var path in paths)
        {
            if (path[0] == "**")
            {
                next.Add(path);
                next.AddRange(Advance([path[1..]], name));
            }
            else if (FileSystemName.MatchesSimpleExpression(path[0], name, ignoreCase: false))
            {
                next.Add(path[1..]);
            }
        }

        return next;
    }

    private static JsonObject? NullIfEmpty(JsonObject map) => map.Count == 0 ? null : map;

    private static JsonArray? NullIfEmpty(JsonArray list) => list.Count == 0 ? null : list;
}
