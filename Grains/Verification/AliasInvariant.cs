namespace ClusterGrains.Verification;

/// <summary>The alias of each dataset shows what its ledger says, one index, and that takes the writes.</summary>
internal static class AliasInvariant
{
    private const string Name = "Alias";

    public static IEnumerable<Violation> Check(Snapshot seen) =>
        from alias in seen.Aliases
        let row = seen.ByResource.GetValueOrDefault(alias.Key)
        where row?.Dataset is { Alias: not null, Shows.Length: > 0 }
        from violation in Compare(row, row.Dataset!, alias.Value)
        select violation;

    private static IEnumerable<Violation> Compare(RowFacts row, DatasetFacts dataset, AliasFacts alias)
    {
        if (!dataset.Shows.Contains(alias.Shows) || alias.IsIndex)
        {
            var shown = alias.IsIndex ? "an index of that name" : Said(alias.Shows);
            yield return Broken(row, dataset, string.Join(" or ", dataset.Shows.Select(Said)), shown);
        }
        else if (alias is { WriteIndices: not (null or 1), Shows.Length: > 0 } && !alias.Shows.Contains(',', StringComparison.Ordinal))
        {
            yield return Broken(row, dataset, "an index that takes writes", "one that does not");
        }
    }

    private static string Said(string shows) => shows.Length == 0 ? "nothing" : shows;

    private static Violation Broken(RowFacts row, DatasetFacts dataset, string expected, string seen) => new(
        Name, row.Resource.ToString(), $"alias {dataset.Alias}", expected, seen, $"GET /{dataset.Alias} of SearchCluster {dataset.Cluster}");
}
