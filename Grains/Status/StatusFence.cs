using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Status;

/// <summary>The two numbers of a live status that tell whether somebody got further than we know.</summary>
internal static class StatusFence
{
    /// <summary>
    /// <c>revision</c> and <c>history.line</c>; zero where absent or not a number. Capped, so that whatever somebody wrote
    /// there can be passed by one.
    /// </summary>
    public static (long Revision, int Line) Of(JsonObject? status) =>
        (Math.Min(Number(status?["revision"]), long.MaxValue / 2), (int)Math.Min(Number((status?["history"] as JsonObject)?["line"]), int.MaxValue / 2));

    private static long Number(JsonNode? node) =>
        node?.GetValueKind() is JsonValueKind.Number
        && long.TryParse(node.ToJsonString(), CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : 0;
}
