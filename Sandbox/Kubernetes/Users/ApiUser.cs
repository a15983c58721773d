using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Users;

/// <summary>Somebody whom the server knows by a token.</summary>
internal sealed record ApiUser(string Name, string Token)
{
    /// <summary>Members may do everything.</summary>
    public const string Masters = "system:masters";

    private const string Authenticated = "system:authenticated";

    /// <summary>Without <c>system:authenticated</c>, in which everybody is.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    public ImmutableArray<ApiRule> Rules { get; init; } = [];

    /// <summary>For whom the token is good; the API server itself when empty.</summary>
    public ImmutableArray<string> Audiences { get; init; } = [];

    /// <summary>From then on the token is unknown; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    public bool May(ApiAction action) => Groups.Contains(Masters) || Rules.Any(rule => rule.Allows(action));

    /// <summary>As reviews show it.</summary>
    public JsonObject ToJson() => new()
    {
        ["username"] = Name,
        ["uid"] = $"uid-of-{Name}",
        ["groups"] = new JsonArray([.. Groups.Append(Authenticated).Select(group => JsonValue.Create(group))]),
    };

    /// <exception cref="FormatException">A user without name or token, or a time that is none.</exception>
    public static ApiUser Read(JsonObject user) =>
        new(Required(user, "name"), Required(user, "token"))
        {
            Groups = [.. user.Texts("groups")],
            Audiences = [.. user.Texts("audiences")],
            Expires = user.Text("expires") is { } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) : null,
            Rules = [.. user.Items("rules")?.OfType<JsonObject>().Select(ApiRule.Read) ?? []],
        };

    private static string Required(JsonObject user, string member) =>
        user.Text(member) ?? throw new FormatException($"A user has no {member}.");
}
