using System.Collections.Immutable;

namespace ClusterGrains.Resources;

/// <summary>A spec as the kind understands it: the part that every kind has, or what is wrong with it.</summary>
/// <param name="Schedule">Null exactly when there are problems.</param>
internal sealed record ScheduleReading(Schedule? Schedule, ImmutableArray<SpecProblem> Problems)
{
    public static ScheduleReading Good(Schedule schedule) => new(schedule, []);

    public static ScheduleReading Bad(IEnumerable<SpecProblem> problems) => new(null, [.. problems]);
}
