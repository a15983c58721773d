using System.Globalization;
using System.Text.Json;
using ClusterGrains.Resources;

namespace ClusterGrains.Sandbox.Terminal;

/// <summary>Reads what the API server shows of a resource; what is not there or of another type stays empty.</summary>
internal static class Reading
{
    private const int LongestName = 64;

    /// <summary>With the namespace, unless that is <c>default</c>.</summary>
    public static string Name(JsonElement resource)
    {
        var metadata = Child(resource, "metadata");
        var home = Text(metadata, "namespace", LongestName);
        var name = Text(metadata, "name", LongestName);
        return home is "" or "default" ? name : $"{home}/{name}";
    }

    public static JsonElement Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : default;

    /// <summary>Without escapes or breaks.</summary>
    public static string Text(JsonElement parent, string name, int maxLength = 40) =>
        Child(parent, name) is { ValueKind: JsonValueKind.String } text
            ? SafeText.Clean(text.GetString(), maxLength)
            : "";

    public static long? Number(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value)
            ? value
            : null;

    public static DateTimeOffset? Time(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.String } text && text.TryGetDateTimeOffset(out var value)
            ? value
            : null;

    /// <summary>How the history stands, for example <c>42</c> or <c>42, 3 waiting</c>.</summary>
    public static string History(long? seq, long pending) => (seq, pending) switch
    {
        (null, _) => "",
        (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{seq}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seq}, {pending} waiting"),
    };

    /// <summary>How long ago, for example <c>12s</c>; empty for never.</summary>
    public static string Ago(DateTimeOffset? at, DateTimeOffset now)
    {
        if (at is not { } when)
        {
            return "";
        }

        var ago = now - when;
        return ago switch
        {
            _ when ago < TimeSpan.FromSeconds(1) => "now",
            _ when ago < TimeSpan.FromMinutes(2) => $"{(int)ago.TotalSeconds}s",
            _ when ago < TimeSpan.FromHours(2) => $"{(int)ago.TotalMinutes}m",
            _ when ago < TimeSpan.FromDays(2) => $"{(int)ago.TotalHours}h",
            _ => $"{(int)ago.TotalDays}d",
        };
    }
}
