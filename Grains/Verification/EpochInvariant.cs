using ClusterGrains.Resources;

namespace ClusterGrains.Verification;

/// <summary>Each live resource has exactly one row, of its uid and active; nothing else has an active one.</summary>
internal static class EpochInvariant
{
    public const string Name = "Epoch";

    public static IEnumerable<Violation> Check(Snapshot seen) => Several(seen).Concat(Living(seen)).Concat(Ghosts(seen));

    private static IEnumerable<Violation> Several(Snapshot seen) =>
        from rows in seen.Rows.GroupBy(row => row.Resource)
        where rows.Count() > 1
        select new Violation(
            Name, rows.Key.ToString(), "rows", "one", string.Join(" and ", rows.Select(row => row.Row.ToString())), "the storage");

    private static IEnumerable<Violation> Living(Snapshot seen)
    {
        var damaged = seen.Rows.Where(row => row.Damage is not null).Select(row => row.Resource).ToHashSet();
        foreach (var live in seen.Live.Values.Where(live => !damaged.Contains(live.Resource)))
        {
            var row = seen.ByResource.GetValueOrDefault(live.Resource);
            if (row is not { Phase: ResourcePhase.Active } || row.Uid != live.Uid)
            {
                var said = row is null or { Phase: ResourcePhase.None } ? "none" : $"one of uid {row.Uid}, {row.Phase}";
                yield return new Violation(
                    Name, live.Resource.ToString(), $"uid {live.Uid}", "an active row of that uid", said, Kubectl(live.Resource));
            }
        }
    }

    private static IEnumerable<Violation> Ghosts(Snapshot seen) =>
        from row in seen.Rows
        where row is { Damage: null, Phase: ResourcePhase.Active } && seen.Listed(row.Resource) && !seen.Live.ContainsKey(row.Resource)
        select new Violation(
            Name, row.Resource.ToString(), $"uid {row.Uid}", "no active row: there is no such resource", "one", RowInvariant.Place(row));

    internal static string Kubectl(ResourceId resource) =>
        $"kubectl get {resource.Kind.Name.ToLowerInvariant()} -n {resource.Key.Namespace} {resource.Key.Name} -o yaml";
}
