using System.Globalization;
using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using ClusterGrains.Status;
using static ClusterGrains.Resources.ResourceStatus;

namespace ClusterGrains.Datasets;

/// <summary>
/// The status document of a SearchDataset: a pure function of its state, within <see cref="StatusText.MaxBytes"/> whatever
/// source and cluster said. Its shape is that of k8s/crds/searchdatasets.yaml, whose limits are wider.
/// </summary>
internal static class SearchDatasetStatus
{
    private const int MaxRetained = 20;
    private const int MaxHits = 10;
    private const int MaxKey = 384;

    /// <summary>Names that people copy into a pin or an annotation are shown as a whole: engines allow 255 bytes.</summary>
    private const int Name = 255;

    private const int Version = 128;

    public static JsonObject Document(ResourceState<SearchDatasetWork> state)
    {
        var (work, ledger) = (state.Work, state.Work.Ledger);
        var retained = new JsonArray([.. ledger.Retained.Take(MaxRetained).Select(Show)]);
        var recent = new JsonArray([.. work.Recent.Select(Show)]);
        var document = ResourceStatus.Document(state, work.Reason, work.Message, work.Findings, MaxKey, maxMessage: 160);
        document["phase"] = work.Phase.ToString();
        document["retained"] = retained;
        document["recent"] = recent;
        AddVersions(document, state);
        AddText(document, "clusterUuid", ledger.ClusterUuid, 64);
        AddText(document, "engine", ledger.Engine, 32);
        AddText(document, "engineVersion", ledger.EngineVersion, 64);
        StatusText.Fit(document, document["findings"]!.AsArray(), retained, recent);
        return document;
    }

    /// <summary>What lists show, without waking the grain. Read by the fleet API.</summary>
    public static string Summary(ResourceState<SearchDatasetWork> state, Schedule? schedule)
    {
        var (work, ledger) = (state.Work, state.Work.Ledger);
        var freshUntil = schedule is { Suspended: false } ? ledger.Look?.At + schedule.StaleAfter : null;
        var summary = ResourceStatus.Summary(work.Phase.ToString(), work.Reason, work.Message, Since(work, freshUntil));
        AddText(summary, "version", ledger.Published?.Version, Version);
        AddText(summary, "candidate", ledger.Candidate?.Version, Version);
        AddText(summary, "progress", Progress(ledger.Candidate), 16);
        if (ledger.Published is { } published)
        {
            summary["docs"] = published.Docs;
            summary["updatedAt"] = Time(published.At);
        }

        AddTime(summary, "lookedAt", ledger.Look?.At);
        AddTime(summary, "freshUntil", freshUntil);
        return StatusText.Write(summary);
    }

    private static DateTimeOffset? Since(SearchDatasetWork work, DateTimeOffset? freshUntil) => work switch
    {
        { Phase: DatasetPhase.Unknown } when freshUntil is not null => freshUntil,
        { Reason: DatasetVerdict.Updating } => work.Ledger.Candidate?.StartedAt,
        _ => ResourceStatus.Since(work.Findings, work.Reason),
    };

    private static void AddVersions(JsonObject document, ResourceState<SearchDatasetWork> state)
    {
        var ledger = state.Work.Ledger;
        AddText(document, "progress", Progress(ledger.Candidate), 16);
        AddText(document, "latestSeen", ledger.Look?.Latest, Version);
        AddTime(document, "lookedAt", ledger.Look?.At);
        if (ledger.Published is { } published)
        {
            document["published"] = Show(published);
            AddText((JsonObject)document["published"]!, "runId", published.RunId, 64);
        }

        if (ledger.Candidate is { } candidate)
        {
            document["candidate"] = Show(candidate, Attempt(state, candidate));
        }

        if (ledger.Failed is { } failed)
        {
            document["failed"] = Show(failed);
        }
    }

    private static string? Progress(Candidate? candidate) => candidate?.Step switch
    {
        null => null,
        UpdateStep.Load => string.Create(CultureInfo.InvariantCulture, $"{candidate.Percent}%"),
        var step => step.Value.ToString().ToLowerInvariant(),
    };

    /// <summary>How many runs have worked on it; the last one that bears its id counts them.</summary>
    private static int Attempt(ResourceState<SearchDatasetWork> state, Candidate candidate) =>
        state.Run is { } run && run.RunId == candidate.RunId ? run.Attempt
        : state.LastRun is { } last && last.RunId == candidate.RunId ? last.Attempt
        : 1;

    private static JsonObject Show(Candidate candidate, int attempt)
    {
        var shown = new JsonObject
        {
            ["version"] = StatusText.Cut(candidate.Version, Version),
            ["index"] = StatusText.Cut(candidate.Index, Name),
            ["runId"] = StatusText.Cut(candidate.RunId, 64),
            ["attempt"] = attempt,
            ["kind"] = candidate.Kind.ToString(),
            ["step"] = candidate.Step.ToString(),
            ["startedAt"] = Time(candidate.StartedAt),
            ["files"] = candidate.Files,
            ["filesDone"] = candidate.Position.File,
            ["sourceBytes"] = candidate.SourceBytes,
            ["docsAcked"] = candidate.Counts.Acked,
            ["docsRejected"] = candidate.Counts.Rejected,
            ["percent"] = candidate.Percent,
        };
        AddNumber(shown, "docsPerSecond", candidate.DocsPerSecond);
        AddTime(shown, "eta", candidate.Eta);
        if (candidate.Verified is { } verified)
        {
            shown["verified"] = Show(verified);
        }

        return shown;
    }

    private static JsonObject Show(VerifiedNumbers verified)
    {
        var shown = new JsonObject
        {
            ["docs"] = verified.Docs,
            ["duplicates"] = verified.Duplicates,
            ["storeBytes"] = verified.StoreBytes,
            ["hits"] = new JsonObject(verified.Hits.Take(MaxHits).Select(hit =>
                KeyValuePair.Create<string, JsonNode?>(StatusText.Cut(hit.Key, 63), hit.Value)).DistinctBy(hit => hit.Key)),
        };
        if (double.IsFinite(verified.ShrinkPercent))
        {
            shown["shrinkPercent"] = Math.Round(Math.Clamp(verified.ShrinkPercent, 0, 100), 2);
        }

        return shown;
    }

    private static JsonObject Show(KeptVersion kept) => new()
    {
        ["version"] = StatusText.Cut(kept.Version, Version),
        ["index"] = StatusText.Cut(kept.Index, Name),
        ["docs"] = kept.Docs,
        ["at"] = Time(kept.At),
    };

    private static JsonObject Show(FailedVersion failed)
    {
        var shown = new JsonObject
        {
            ["version"] = StatusText.Cut(failed.Version, Version),
            ["code"] = StatusText.Cut(failed.Code, 64),
            ["message"] = StatusText.Cut(failed.Message, 256),
            ["at"] = Time(failed.At),
            ["count"] = failed.Count,
        };
        AddTime(shown, "retryAt", failed.RetryAt);
        return shown;
    }

    private static JsonObject Show(EndedUpdate ended)
    {
        var shown = new JsonObject
        {
            ["runId"] = StatusText.Cut(ended.RunId, 64),
            ["version"] = StatusText.Cut(ended.Version, Version),
            ["result"] = ended.Result.ToString(),
            ["docs"] = ended.Docs,
            ["at"] = Time(ended.At),
            ["historyKey"] = StatusText.Cut(ended.Key, MaxKey),
        };
        AddText(shown, "code", ended.Code.Length == 0 ? null : ended.Code, 64);
        return shown;
    }
}
