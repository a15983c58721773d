namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>One endpoint of the engines.</summary>
/// <param name="Methods">With commas between.</param>
/// <param name="Path">A segment in braces takes any name, <c>{index}</c> only one that an index can have.</param>
/// <param name="Action">The engines' name of the privilege, as their 403 quotes it.</param>
/// <param name="Parameters">The query parameters it has besides those of every endpoint, with commas between.</param>
internal sealed record IndexRoute(
    string Methods, string Path, string Action, string Parameters, Func<IndexRequest, ClusterAnswer> Handler)
{
    private readonly string[] _segments = Path.Split('/');

    public string[] MethodList { get; } = Methods.Split(',');

    public string[] ParameterList { get; } = Parameters.Split(',');

    /// <summary>What the braces stand for; null when the path is another one.</summary>
    public Dictionary<string, string>? Match(string[] path)
    {
        if (path.Length != _segments.Length)
        {
            return null;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at < path.Length; at++)
        {
            var wanted = _segments[at];
            if (!wanted.StartsWith('{'))
            {
                if (wanted != path[at])
                {
                    return null;
                }
            }
            else if (path[at].Length == 0 || (wanted == "{index}" && path[at][0] == '_' && path[at] != "_all"))
            {
                return null;
            }
            else
            {
                values[wanted[1..^1]] = path[at];
            }
        }

        return values;
    }
}
