using System.Diagnostics;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>Spans of the steps of an update. docs/telemetry.md.</summary>
internal static class DatasetTraces
{
    public const string SourceName = "ClusterGrains.Datasets";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>One step; how it ended and what it worked on show on its span.</summary>
    public static async Task<T> Step<T>(LiveRun live, string step, Func<LiveRun, Task<T>> work)
    {
        using var span = Source.StartActivity("update");
        if (span is null)
        {
            return await work(live);
        }

        span.DisplayName = $"update {step}";
        span.SetTag("clustergrains.step", step);
        try
        {
            return await work(live);
        }
        catch (HaltException halt)
        {
            span.SetTag("clustergrains.halt", halt.Halt.ToString()).SetTag("clustergrains.code", halt.Code);
            span.SetStatus(halt.Halt is Halt.Fail ? ActivityStatusCode.Error : ActivityStatusCode.Unset, halt.Code);
            throw;
        }
        catch (Exception failure)
        {
            span.Failed(failure);
            throw;
        }
        finally
        {
            Describe(span, live.Ledger.Candidate);
        }
    }

    public static Task Step(LiveRun live, string step, Func<LiveRun, Task> work) => Step(live, step, async run =>
    {
        await work(run);
        return true;
    });

    private static void Describe(Activity span, Candidate? candidate)
    {
        if (candidate is not null)
        {
            span.SetTag("clustergrains.version", candidate.Version)
                .SetTag("clustergrains.index", candidate.Index)
                .SetTag("clustergrains.documents", candidate.Counts.Acked)
                .SetTag("clustergrains.rejected", candidate.Counts.Rejected);
        }
    }
}
