using System.Text.Json.Nodes;
using ClusterGrains.Status;

namespace ClusterGrains.Resources;

/// <summary>What the status of a resource becomes whose state nobody can read: whatever it said, it is not known any more.</summary>
internal static class UnreadableStatus
{
    public const string Reason = "StateUnreadable";

    private const string Ready = "Ready";

    /// <param name="shown">The live status; null when there is none.</param>
    /// <param name="verdict">The member that holds the verdict.</param>
    /// <param name="problem">Why, with the cure.</param>
    /// <returns>Null when it says so already.</returns>
    public static JsonObject? Of(JsonObject? shown, string verdict, string problem, DateTimeOffset now)
    {
        var turned = shown is null ? [] : (JsonObject)shown.DeepClone();
        turned[verdict] = Condition.Unknown;
        turned["reason"] = Reason;
        turned["message"] = StatusText.Cut(problem, 256);
        turned.Remove("nextRun");
        var conditions = Of(turned["conditions"] as JsonArray ?? []).ToList();
        if (!conditions.Any(condition => (condition["type"] as JsonValue)?.ToString() == Ready))
        {
            conditions.Insert(0, new JsonObject { ["type"] = Ready });
        }

        foreach (var condition in conditions)
        {
            Turn(condition, problem, now);
        }

        turned["conditions"] = new JsonArray([.. conditions]);
        StatusText.Fit(turned, [.. turned["findings"] is JsonArray findings ? [findings] : Array.Empty<JsonArray>()]);
        return JsonNode.DeepEquals(turned, shown) ? null : turned;
    }

    private static IEnumerable<JsonObject> Of(JsonArray conditions) =>
        conditions.OfType<JsonObject>().Select(condition => (JsonObject)condition.DeepClone());

    private static void Turn(JsonObject condition, string problem, DateTimeOffset now)
    {
        if ((condition["status"] as JsonValue)?.ToString() != Condition.Unknown)
        {
            condition["status"] = Condition.Unknown;
            condition["lastTransitionTime"] = ResourceStatus.Time(now);
        }

        condition["reason"] = Reason;
        condition["message"] = StatusText.Cut(problem, 256);
    }
}
