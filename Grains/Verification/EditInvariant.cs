using ClusterGrains.Resources;

namespace ClusterGrains.Verification;

/// <summary>The active row of a live resource has adopted what users wrote last: its spec, and the annotations that are for us.</summary>
internal static class EditInvariant
{
    public const string Name = "Edit";

    public static IEnumerable<Violation> Check(Snapshot seen) =>
        from live in seen.Live.Values
        let row = seen.ByResource.GetValueOrDefault(live.Resource)
        where row is { Phase: ResourcePhase.Active } && row.Uid == live.Uid
        from violation in Compare(live, row)
        select violation;

    private static IEnumerable<Violation> Compare(LiveFacts live, RowFacts row)
    {
        if (live.Stamp is { } wrote && row.Stamp is { } adopted && wrote != adopted)
        {
            yield return new Violation(
                Name,
                live.Resource.ToString(),
                $"generation {wrote.Generation}",
                "a row that has adopted it",
                Said(adopted, wrote),
                EpochInvariant.Kubectl(live.Resource));
        }
    }

    private static string Said(Stamp row, Stamp live) =>
        row.Generation != live.Generation ? $"one of generation {row.Generation}"
        : row.SpecHash != live.SpecHash ? "one of another spec"
        : "one of other annotations";
}
