using ClusterGrains.Status;

namespace ClusterGrains.Resources;

/// <summary>What conditions say of every kind.</summary>
internal static class ResourceConditions
{
    public static (string Type, string Status, string Reason, string Message) HistoryWritten<TWork>(this ResourceState<TWork> state)
        where TWork : class, new() => state.HistoryFailure is { } failure
            ? ("HistoryWritten", Condition.False, "StoreUnavailable",
                $"{state.Outbox.Entries.Length} records wait since {ResourceStatus.Time(failure.Since)}: {failure.Message}")
            : state.MissingRecords is { } missing
            ? ("HistoryWritten", Condition.False, ResourceFindings.RecordsMissing, ResourceFindings.Text(missing))
            : ("HistoryWritten", Condition.True, "AllWritten", "");

    /// <summary>Why the newest spec was refused, and which one stays in force.</summary>
    public static string ProblemText<TWork>(this ResourceState<TWork> state)
        where TWork : class, new() =>
        string.Join(" ", state.Problems.Select(problem => problem.ToString()))
        + (state.Accepted is { } accepted ? $" The spec of generation {accepted.Generation} stays in force." : "");
}
