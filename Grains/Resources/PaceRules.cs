namespace ClusterGrains.Resources;

/// <summary>What every kind's schedule must keep.</summary>
internal static class PaceRules
{
    /// <param name="interval"><c>spec.schedule.interval</c>.</param>
    /// <param name="staleAfter"><c>spec.schedule.staleAfter</c>; null when not set.</param>
    /// <param name="minimumInterval">The setting <c>Checks:MinimumInterval</c>.</param>
    public static IEnumerable<SpecProblem> Check(TimeSpan interval, TimeSpan? staleAfter, TimeSpan minimumInterval)
    {
        if (interval < minimumInterval)
        {
            yield return new(
                "spec.schedule.interval",
                Durations.Format(interval),
                $"This operator checks at most every {Durations.Format(minimumInterval)} (its setting Checks:MinimumInterval); write that or more.");
        }

        if (staleAfter is { } patience && patience < interval)
        {
            yield return new(
                "spec.schedule.staleAfter",
                Durations.Format(patience),
                $"Write at least one interval ({Durations.Format(interval)}), or leave it out for three.");
        }
    }
}
