using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using ClusterGrains.Status;
using static ClusterGrains.Resources.ResourceStatus;

namespace ClusterGrains.Clusters;

/// <summary>
/// The status document of a SearchCluster: a pure function of its state, within <see cref="StatusText.MaxBytes"/>
/// whatever the cluster said. The schema's own limits (k8s/crds/searchclusters.yaml) are wider.
/// </summary>
internal static class SearchClusterStatus
{
    public static JsonObject Document(ResourceState<SearchClusterWork> state)
    {
        var work = state.Work;
        var answer = work.Answer;
        var document = ResourceStatus.Document(state, work.Reason, work.Message, work.Findings, maxKey: 512, maxMessage: 256);
        document["verdict"] = work.Verdict.ToString();
        AddText(document, "health", Health(work), 16);
        AddText(document, "engine", answer?.Identity?.Engine, 32);
        AddText(document, "version", answer?.Identity?.Version, 64);
        AddText(document, "clusterName", answer?.Identity?.ClusterName, 128);
        AddText(document, "clusterUuid", work.PinnedUuid, 64);
        AddText(document, "endpoint", answer?.Endpoint, 256);
        AddNumber(document, "nodes", answer, FactNames.Nodes);
        AddNumber(document, "shards", answer, FactNames.Shards);
        AddNumber(document, "unassigned", answer, FactNames.UnassignedShards);
        AddNumber(document, "diskPercent", answer, FactNames.DiskMaxUsedPercent);
        StatusText.Fit(document, document["findings"]!.AsArray());
        return document;
    }

    /// <summary>What lists show, without waking the grain. Read by the fleet API.</summary>
    public static string Summary(ResourceState<SearchClusterWork> state, Schedule? schedule)
    {
        var (work, answer) = (state.Work, state.Work.Answer);
        var freshUntil = schedule is { Suspended: false } ? answer?.FinishedAt + schedule.StaleAfter : null;
        var summary = ResourceStatus.Summary(
            work.Verdict.ToString(),
            work.Reason,
            work.Message,
            work.Verdict is Verdict.Unknown && freshUntil is not null ? freshUntil : Since(work.Findings, work.Reason));
        AddText(summary, "health", Health(work), 16);
        AddText(summary, "version", answer?.Identity?.Version, 64);
        AddNumber(summary, "diskPercent", answer, FactNames.DiskMaxUsedPercent);
        AddTime(summary, "checkedAt", answer?.FinishedAt);
        AddTime(summary, "freshUntil", freshUntil);
        return StatusText.Write(summary);
    }

    /// <summary>A colour that is stale is none: nobody shall read green beside Unknown.</summary>
    private static string? Health(SearchClusterWork work) =>
        work.Verdict is Verdict.Unknown or Verdict.Suspended ? null : work.Answer?.Health;

    private static void AddNumber(JsonObject document, string member, CheckOutcome? answer, string metric) =>
        ResourceStatus.AddNumber(document, member, answer is not null && answer.Metrics.TryGetValue(metric, out var value) ? value : null);
}
