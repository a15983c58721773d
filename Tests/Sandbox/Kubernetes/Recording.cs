using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterGrains.Sandbox.Kubernetes;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

/// <summary>
/// Translates between the recorded world and this one: uids and resource versions are another server's, everything else,
/// times and ages included, must be the same.
/// </summary>
internal sealed partial class Recording
{
    private readonly Dictionary<string, string> _uids = [];
    private readonly SortedDictionary<long, long> _versions = [];

    public string ToHere(string text)
    {
        var translated = _uids.Aggregate(text, (t, uid) => t.Replace(uid.Key, uid.Value, StringComparison.Ordinal));
        return Version().Replace(translated, match =>
            match.Groups[1].Value + Here(long.Parse(match.Groups[2].Value, null)) + match.Groups[3].Value);
    }

    /// <summary>Pairs up the uids and versions of two answers, and says where they do not go together.</summary>
    public IEnumerable<string> Learn(JsonNode? recorded, JsonNode? here)
    {
        switch (recorded, here)
        {
            case (JsonObject then, JsonObject now):
                return then.Where(m => now.ContainsKey(m.Key)).SelectMany(m => LearnMember(m.Key, m.Value, now[m.Key])).ToList();
            case (JsonArray then, JsonArray now):
                return then.Zip(now).SelectMany(pair => Learn(pair.First, pair.Second)).ToList();
            default:
                return [];
        }
    }

    /// <summary>Versions must rise here in the order they rose there.</summary>
    public bool IsMonotone => _versions.Values.SequenceEqual(_versions.Values.Order());

    private IEnumerable<string> LearnMember(string name, JsonNode? then, JsonNode? now)
    {
        if (name == "uid" && then.AsText() is { } uid && now.AsText() is { } uidHere)
        {
            _uids.TryAdd(uid, uidHere);
            return _uids[uid] == uidHere ? [] : [$"uid {uid} was {_uids[uid]} and is now {uidHere}"];
        }

        if (name == "resourceVersion" && long.TryParse(then.AsText(), out var version) && long.TryParse(now.AsText(), out var here))
        {
            _versions.TryAdd(version, here);
            return _versions[version] == here ? [] : [$"version {version} was {_versions[version]} and is now {here}"];
        }

        return Learn(then, now);
    }

    private long Here(long version) => _versions.GetValueOrDefault(version, version);

    // "resourceVersion":"380", also inside quoted JSON; the query parameter; the value of a JSON patch.
    [GeneratedRegex("""(resourceVersion(?:\\*":\s*\\*"|=)|"value":")(\d+)(\\*"|&|$)""")]
    private static partial Regex Version();
}
