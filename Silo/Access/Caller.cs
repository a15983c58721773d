using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Resources;

namespace ClusterGrains.Access;

/// <summary>Somebody whom the API server knows.</summary>
/// <param name="Name">The user name, for example <c>system:serviceaccount:team-a:reader</c>.</param>
/// <param name="Spec">JSON: name, uid, groups and whatever else the API server knows, as a review of rights takes it.</param>
internal sealed record Caller(string Name, string Spec)
{
    private const string ServiceAccount = "system:serviceaccount:";

    /// <summary>Equal for equal callers, and short.</summary>
    public string Id { get; } = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Spec)));

    /// <summary>
    /// With whom it shares what may be asked at a time. The tokens of a user are one, and so are the service accounts of a
    /// namespace: whoever has the namespace makes as many of both as they like.
    /// </summary>
    public string Share { get; } = Name.StartsWith(ServiceAccount, StringComparison.Ordinal)
        ? Name[..(Name.IndexOf(':', ServiceAccount.Length) is > 0 and var end ? end : Name.Length)]
        : Name;

    /// <summary>The user of a token review; null when it has no name.</summary>
    public static Caller? Read(JsonElement user)
    {
        if (user.Text("username") is not { Length: > 0 } name)
        {
            return null;
        }

        var spec = new JsonObject { ["user"] = name };
        foreach (var member in (string[])["uid", "groups", "extra"])
        {
            if (user.Child(member) is { ValueKind: not JsonValueKind.Undefined } value)
            {
                spec[member] = JsonNode.Parse(value.GetRawText());
            }
        }

        return new Caller(name, spec.ToJsonString());
    }

    /// <summary>Who makes a request; null for somebody unknown.</summary>
    public static Caller? Of(ClaimsPrincipal principal) => (principal.Identity as Known)?.Caller;

    public ClaimsPrincipal ToPrincipal(string scheme) => new(new Known(this, scheme));

    private sealed class Known(Caller caller, string scheme) : ClaimsIdentity([new Claim(ClaimTypes.Name, caller.Name)], scheme)
    {
        public Caller Caller => caller;
    }
}
