using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using ClusterGrains.Status;

namespace ClusterGrains.Verification;

/// <summary>
/// The status is the projection of the revision it bears; one that lags says the same as the newest, times apart. Never is it ahead.
/// </summary>
internal static class StatusInvariant
{
    public const string Name = "Status";

    public static IEnumerable<Violation> Check(Snapshot seen) =>
        from live in seen.Live.Values
        let row = seen.ByResource.GetValueOrDefault(live.Resource)
        where row is { Phase: ResourcePhase.Active } && row.Uid == live.Uid
        from violation in Compare(live, row)
        select violation;

    public static IEnumerable<Violation> Bounds(Snapshot seen) =>
        from live in seen.Live.Values
        where live.Status.Length > StatusText.MaxBytes
        select new Violation(
            "Bounds",
            live.Resource.ToString(),
            "status",
            $"at most {StatusText.MaxBytes} bytes",
            $"{live.Status.Length} bytes",
            EpochInvariant.Kubectl(live.Resource));

    private static IEnumerable<Violation> Compare(LiveFacts live, RowFacts row)
    {
        if (live.Revision > row.Revision)
        {
            yield return Broken(live, $"at most {row.Revision}, the row's", "a later one");
            yield break;
        }

        var (shown, wanted) = (Document(live.Status), Document(row.Shown));
        if (live.Revision == row.Revision)
        {
            Forget(shown);
            Forget(wanted);
            if (!JsonNode.DeepEquals(shown, wanted))
            {
                yield return Broken(live, "the projection of that revision", Differences(shown, wanted!));
            }
        }
        else if (!Projection.SameContent(shown, wanted!))
        {
            yield return Broken(live, $"what revision {row.Revision} says", Differences(shown, wanted!));
        }
    }

    private static JsonObject? Document(ReadOnlyMemory<byte> json) => json.IsEmpty ? null : JsonNode.Parse(json.Span)?.AsObject();

    /// <summary>What was delivered leaves the outbox in memory, and the row with the next write.</summary>
    private static void Forget(JsonObject? status) => (status?["history"] as JsonObject)?.Remove("pending");

    private static string Differences(JsonObject? shown, JsonObject wanted)
    {
        if (shown is null)
        {
            return "no status";
        }

        var members = wanted.Select(member => member.Key).Union(shown.Select(member => member.Key))
            .Where(member => !JsonNode.DeepEquals(shown[member], wanted[member]));
        return $"other {string.Join(", ", members)}";
    }

    private static Violation Broken(LiveFacts live, string expected, string seen) => new(
        Name, live.Resource.ToString(), $"revision {live.Revision}", expected, seen, EpochInvariant.Kubectl(live.Resource));
}
