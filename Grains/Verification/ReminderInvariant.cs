using ClusterGrains.Resources;

namespace ClusterGrains.Verification;

/// <summary>Each epoch that is not over has one reminder, with the period of its schedule; nothing else has any.</summary>
internal static class ReminderInvariant
{
    public const string Name = "Reminder";

    public static IEnumerable<Violation> Check(Snapshot seen)
    {
        var reminders = seen.Reminders.ToLookup(reminder => reminder.Resource);
        return seen.Rows.Where(row => row.Damage is null).SelectMany(row => OfRow(row, [.. reminders[row.Resource]])).Concat(Orphans(seen));
    }

    private static IEnumerable<Violation> OfRow(RowFacts row, ReminderFacts[] reminders)
    {
        var wanted = row.Phase is ResourcePhase.Active or ResourcePhase.Retiring;
        var run = reminders.FirstOrDefault(reminder => reminder.Name == ResourceReminder.Name);
        if (wanted && run is null)
        {
            yield return Broken(row.Resource.ToString(), "row", $"one every {row.Period}", "none");
        }
        else if (row.Phase is ResourcePhase.Active && run!.Period != row.Period)
        {
            yield return Broken(row.Resource.ToString(), "period", $"{row.Period}", $"{run.Period}");
        }

        foreach (var other in reminders.Where(reminder => !wanted || reminder.Name != ResourceReminder.Name))
        {
            yield return Broken(row.Resource.ToString(), $"'{other.Name}'", "none", $"one although the row is {row.Phase}");
        }
    }

    private static IEnumerable<Violation> Orphans(Snapshot seen)
    {
        var known = seen.Rows.Select(row => row.Resource).ToHashSet();
        return from reminder in seen.Reminders
               where reminder.Resource is not { } resource || !known.Contains(resource)
               select Broken(reminder.Resource?.ToString() ?? reminder.Grain, $"'{reminder.Name}'", "none: there is no such row", "one");
    }

    private static Violation Broken(string resource, string what, string expected, string seen) =>
        new(Name, resource, what, expected, seen, "the reminder table");
}
