namespace ClusterGrains.Verification;

/// <summary>A record is what its name says, and a check ended as a check can end. Only of records that were opened.</summary>
internal static class RecordInvariant
{
    public static IEnumerable<Violation> Check(Snapshot seen) =>
        from epoch in seen.History?.Epochs ?? new Dictionary<string, EpochFacts>()
        from wrong in epoch.Value.Wrong
        select new Violation(
            "Record",
            seen.Who(epoch.Key),
            $"{epoch.Key} line {wrong.Name.Line} number {wrong.Name.Seq}",
            "what its name says, and of a check Completed or Interrupted",
            wrong.Seen,
            $"v1/history/*/*/resource={epoch.Key}/*-{wrong.Name.Line}-{wrong.Name.Seq}-*");
}
