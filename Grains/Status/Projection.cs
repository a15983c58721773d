using System.Text.Json.Nodes;
using ClusterGrains.Resources;

namespace ClusterGrains.Status;

/// <summary>A status document to be shown, and what fences it.</summary>
/// <param name="Uid">The epoch it belongs to.</param>
/// <param name="ResourceVersion">Of the newest manifest: the object had it when the user's last change was read.</param>
/// <param name="Revision">Of the state it was computed from; the document bears it as <c>revision</c>.</param>
/// <param name="Refresh">How old a shown document may get while only its times change.</param>
internal sealed record Projection(
    string Uid, string ResourceVersion, long Revision, JsonObject Document, TimeSpan Refresh)
{
    /// <summary>The turn it was computed in.</summary>
    public TraceOrigin Origin { get; init; }

    /// <summary>The members that change with every run, or all the time during one, and alone are no reason to write at once.</summary>
    private static readonly string[] Times = ["lastRun", "nextRun", "lookedAt", "revision", "history", "progress"];

    /// <summary>Such members one level below, by the member that holds them.</summary>
    private static readonly (string Owner, string[] Members)[] Progress =
    [
        ("candidate", ["attempt", "filesDone", "docsAcked", "docsRejected", "percent", "docsPerSecond", "eta"]),
    ];

    /// <summary>Whether both documents say the same, times apart.</summary>
    public static bool SameContent(JsonObject? shown, JsonObject wanted) =>
        shown is not null && JsonNode.DeepEquals(WithoutTimes(shown), WithoutTimes(wanted));

    private static JsonObject WithoutTimes(JsonObject document)
    {
        var rest = (JsonObject)document.DeepClone();
        foreach (var member in Times)
        {
            rest.Remove(member);
        }

        foreach (var (owner, members) in Progress)
        {
            foreach (var member in rest[owner] is JsonObject below ? members : [])
            {
                rest[owner]!.AsObject().Remove(member);
            }
        }

        return rest;
    }
}
