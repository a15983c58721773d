using System.Collections.Immutable;

namespace ClusterGrains.Resources;

/// <summary>A spec as the kind understands it: the part that every kind has, or what is wrong with it.</summary>
/// <param name="Schedule">Null exactly when there are problems.</param>
internal sealed record ScheduleReading(Schedule? Schedule, ImmutableArray<SpecProblem> Problems)
{
    /// <summary>False when nobody could say whether something it names is there; it then gets the benefit of the doubt.</summary>
    public bool IsCertain { get; init; } = true;

    public static ScheduleReading Good(Schedule schedule) => new(schedule, []);

    public static ScheduleReading Bad(IEnumerable<SpecProblem> problems) => new(null, [.. problems]);
}
