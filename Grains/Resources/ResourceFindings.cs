using ClusterGrains.History;

namespace ClusterGrains.Resources;

/// <summary>What is found of every kind, beside what its own runs find. It says nothing of the cluster or the data, so no verdict follows it.</summary>
internal static class ResourceFindings
{
    /// <summary>Also the reason of the condition. docs/findings.md says what to do.</summary>
    public const string RecordsMissing = nameof(RecordsMissing);

    public static IEnumerable<OpenFinding> Of<TWork>(ResourceState<TWork> state)
        where TWork : class, new()
    {
        if (state.MissingRecords is { } missing)
        {
            yield return new OpenFinding(
                new Finding { Code = RecordsMissing, Severity = Severity.Warning, Message = Text(missing) }, missing.Since);
        }
    }

    public static string Text(MissingRecords missing) =>
        $"{missing.Count} records of this resource are neither in the history store nor explained by a gap: {missing.Numbers}. "
        + "Somebody deleted them, or an expiry is younger than History:AuditWindow; restore them if you can.";
}
