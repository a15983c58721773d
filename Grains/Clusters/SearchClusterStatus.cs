using System.Globalization;
using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using ClusterGrains.Status;

namespace ClusterGrains.Clusters;

/// <summary>
/// The status document of a SearchCluster: a pure function of its state, within <see cref="StatusText.MaxBytes"/>
/// whatever the cluster said. The schema's own limits (k8s/crds/searchclusters.yaml) are wider.
/// </summary>
internal static class SearchClusterStatus
{
    /// <summary>The rest is in the history.</summary>
    private const int MaxFindings = 10;

    public static JsonObject Document(ResourceState<SearchClusterWork> state)
    {
        var work = state.Work;
        var answer = work.Answer;
        var findings = new JsonArray([.. work.Findings.Take(MaxFindings).Select(Show)]);
        var document = new JsonObject
        {
            ["observedGeneration"] = state.Manifest?.Generation ?? 0,
            ["revision"] = state.Revision,
            ["verdict"] = work.Verdict.ToString(),
            ["reason"] = StatusText.Cut(work.Reason, 64),
            ["message"] = StatusText.Cut(work.Message, 256),
            ["findings"] = findings,
            ["conditions"] = new JsonArray([.. state.Conditions.Select(Show)]),
            ["history"] = new JsonObject
            {
                ["pending"] = state.HistoryFailure is null ? 0 : state.Outbox.Entries.Length,
                ["line"] = state.Outbox.Line,
                ["seq"] = state.Outbox.Seq,
            },
        };
        AddText(document, "health", Health(work), 16);
        AddText(document, "engine", answer?.Identity?.Engine, 32);
        AddText(document, "version", answer?.Identity?.Version, 64);
        AddText(document, "clusterName", answer?.Identity?.ClusterName, 128);
        AddText(document, "clusterUuid", work.PinnedUuid, 64);
        AddText(document, "endpoint", answer?.Endpoint, 256);
        AddText((JsonObject)document["history"]!, "lastKey", state.LastKey, 512);
        AddNumber(document, "nodes", answer, FactNames.Nodes);
        AddNumber(document, "shards", answer, FactNames.Shards);
        AddNumber(document, "unassigned", answer, FactNames.UnassignedShards);
        AddNumber(document, "diskPercent", answer, FactNames.DiskMaxUsedPercent);
        AddRuns(document, state);
        StatusText.Fit(document, findings);
        return document;
    }

    /// <summary>What lists show, without waking the grain. Read by the fleet API.</summary>
    public static string Summary(ResourceState<SearchClusterWork> state, Schedule? schedule)
    {
        var answer = state.Work.Answer;
        var summary = new JsonObject
        {
            ["verdict"] = state.Work.Verdict.ToString(),
            ["reason"] = StatusText.Cut(state.Work.Reason, 64),
        };
        AddText(summary, "health", Health(state.Work), 16);
        AddText(summary, "version", answer?.Identity?.Version, 64);
        AddNumber(summary, "diskPercent", answer, FactNames.DiskMaxUsedPercent);
        if (answer is not null)
        {
            summary["checkedAt"] = Time(answer.FinishedAt);
        }

        if (answer is not null && schedule is { Suspended: false })
        {
            summary["freshUntil"] = Time(answer.FinishedAt + schedule.StaleAfter);
        }

        return StatusText.Write(summary);
    }

    /// <summary>A colour that is stale is none: nobody shall read green beside Unknown.</summary>
    private static string? Health(SearchClusterWork work) =>
        work.Verdict is Verdict.Unknown or Verdict.Suspended ? null : work.Answer?.Health;

    private static void AddRuns(JsonObject document, ResourceState<SearchClusterWork> state)
    {
        if (state.LastRun is { } run)
        {
            document["lastRun"] = new JsonObject
            {
                ["runId"] = run.RunId,
                ["startedAt"] = Time(run.StartedAt),
                ["finishedAt"] = Time(run.FinishedAt),
                ["outcome"] = run.Outcome,
            };
        }

        if (state.NextDue is { } next)
        {
            document["nextRun"] = Time(next);
        }
    }

    private static JsonObject Show(OpenFinding open) => new()
    {
        ["code"] = StatusText.Cut(open.Finding.Code, 64),
        ["severity"] = open.Finding.Severity.ToString(),
        ["object"] = StatusText.Cut(open.Finding.Object, 128),
        ["message"] = StatusText.Cut(open.Finding.Message, 384),
        ["since"] = Time(open.Since),
    };

    private static JsonObject Show(Condition condition) => new()
    {
        ["type"] = condition.Type,
        ["status"] = condition.Status,
        ["reason"] = StatusText.Cut(condition.Reason, 64),
        ["message"] = StatusText.Cut(condition.Message, 256),
        ["lastTransitionTime"] = Time(condition.LastTransitionTime),
        ["observedGeneration"] = condition.ObservedGeneration,
    };

    private static void AddText(JsonObject document, string member, string? text, int maxBytes)
    {
        if (text is not null)
        {
            document[member] = StatusText.Cut(text, maxBytes);
        }
    }

    private static void AddNumber(JsonObject document, string member, CheckOutcome? answer, string metric)
    {
        if (answer is not null && answer.Metrics.TryGetValue(metric, out var value) && double.IsFinite(value))
        {
            document[member] = (long)Math.Clamp(Math.Round(value), 0, long.MaxValue / 2);
        }
    }

    /// <summary>Whole seconds, as Kubernetes writes times.</summary>
    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
