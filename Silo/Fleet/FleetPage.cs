using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Resources;

namespace ClusterGrains.Fleet;

/// <summary>A part of an ordered list, and where the next part begins.</summary>
/// <param name="Continue">Null when this is the last one.</param>
internal sealed record FleetPage(IReadOnlyList<JsonObject> Items, string? Continue)
{
    /// <summary>The token of a page that begins behind a resource.</summary>
    public static string Token(ResourceKey last) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(last.ToString()));

    /// <summary>The resource in a token; null when it is none of ours.</summary>
    public static ResourceKey? Read(string token)
    {
        try
        {
            var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
            return ResourceKey.TryParse(text, out var key) && FleetNames.ProblemOf(key) is null ? key : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public JsonObject ToJson() => new() { ["items"] = new JsonArray([.. Items]), ["continue"] = Continue };
}
