using System.Text.Json;
using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>One line of a watch.</summary>
/// <param name="Version">The resourceVersion to go on from; null when the line told none.</param>
internal abstract record WatchEvent(string? Version)
{
    public static WatchEvent Read(Line line)
    {
        if (line.TooLong)
        {
            return new Undecodable(null, null, "its line is too long");
        }

        if (line.Bytes.IsEmpty)
        {
            return new Bookmark(null);
        }

        try
        {
            using var json = JsonDocument.Parse(line.Bytes);
            return Read(json.RootElement);
        }
        catch (JsonException failure)
        {
            return new Undecodable(null, null, $"its line is not JSON: {failure.Message}");
        }
    }

    private static WatchEvent Read(JsonElement line)
    {
        var item = line.Child("object");
        var version = item.Child("metadata").Text("resourceVersion");
        var type = line.Text("type");
        switch (type)
        {
            case "ADDED" or "MODIFIED":
                return ManifestJson.Read(item, out var problem) is { } manifest
                    ? new Seen(version, manifest)
                    : new Undecodable(version, ManifestJson.Key(item), problem!);
            case "DELETED":
                return ManifestJson.Key(item) is { } key
                    ? new Gone(version, key, item.Child("metadata").Text("uid"))
                    : new Undecodable(version, null, "a deleted object without a name");
            case "BOOKMARK":
                return new Bookmark(version);
            case "ERROR":
                return new Refused(ApiFailure.Read(item, code: 500));
            default:
                return new Undecodable(version, ManifestJson.Key(item), $"its event is of the unknown type '{type}'");
        }
    }

    public sealed record Seen(string? Version, Manifest Manifest) : WatchEvent(Version);

    public sealed record Gone(string? Version, ResourceKey Key, string? Uid) : WatchEvent(Version);

    public sealed record Bookmark(string? Version) : WatchEvent(Version);

    public sealed record Refused(ApiFailure Failure) : WatchEvent((string?)null);

    public sealed record Undecodable(string? Version, ResourceKey? Key, string Problem) : WatchEvent(Version);
}
