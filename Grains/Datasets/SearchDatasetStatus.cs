using System.Globalization;
using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using ClusterGrains.Status;

namespace ClusterGrains.Datasets;

/// <summary>
/// The status document of a SearchDataset: a pure function of its state, within <see cref="StatusText.MaxBytes"/> whatever
/// source and cluster said. Its shape is that of k8s/crds/searchdatasets.yaml, whose limits are wider.
/// </summary>
internal static class SearchDatasetStatus
{
    private const int MaxFindings = 10;
    private const int MaxRetained = 20;
    private const int MaxHits = 10;

    /// <summary>Names that people copy into a pin or an annotation are shown as a whole: engines allow 255 bytes.</summary>
    private const int Name = 255;

    private const int Version = 128;

    public static JsonObject Document(ResourceState<SearchDatasetWork> state)
    {
        var (work, ledger) = (state.Work, state.Work.Ledger);
        var findings = new JsonArray([.. work.Findings.Take(MaxFindings).Select(Show)]);
        var retained = new JsonArray([.. ledger.Retained.Take(MaxRetained).Select(Show)]);
        var recent = new JsonArray([.. work.Recent.Select(Show)]);
        var document = new JsonObject
        {
            ["observedGeneration"] = state.Manifest?.Generation ?? 0,
            ["revision"] = state.Revision,
            ["phase"] = work.Phase.ToString(),
            ["reason"] = StatusText.Cut(work.Reason, 64),
            ["message"] = StatusText.Cut(work.Message, 256),
            ["retained"] = retained,
            ["recent"] = recent,
            ["findings"] = findings,
            ["conditions"] = new JsonArray([.. state.Conditions.Select(Show)]),
            ["history"] = new JsonObject
            {
                ["pending"] = state.HistoryFailure is null ? 0 : state.Outbox.Entries.Length,
                ["line"] = state.Outbox.Line,
                ["seq"] = state.Outbox.Seq,
            },
        };
        AddVersions(document, state);
        AddText(document, "clusterUuid", ledger.ClusterUuid, 64);
        AddText(document, "engine", ledger.Engine, 32);
        AddText(document, "engineVersion", ledger.EngineVersion, 64);
        AddText((JsonObject)document["history"]!, "lastKey", state.LastKey, 384);
        AddRuns(document, state);
        StatusText.Fit(document, findings, retained, recent);
        return document;
    }

    /// <summary>What lists show, without waking the grain. Read by the fleet API.</summary>
    public static string Summary(ResourceState<SearchDatasetWork> state, Schedule? schedule)
    {
        var (work, ledger) = (state.Work, state.Work.Ledger);
        var summary = new JsonObject
        {
            ["verdict"] = work.Phase.ToString(),
            ["reason"] = StatusText.Cut(work.Reason, 64),
        };
        AddText(summary, "version", ledger.Published?.Version, Version);
        AddText(summary, "candidate", ledger.Candidate?.Version, Version);
        AddText(summary, "progress", Progress(ledger.Candidate), 16);
        if (ledger.Published is { } published)
        {
            summary["docs"] = published.Docs;
            summary["updatedAt"] = Time(published.At);
        }

        if (ledger.Look is { } look)
        {
            summary["lookedAt"] = Time(look.At);
            if (schedule is { Suspended: false })
            {
                summary["freshUntil"] = Time(look.At + schedule.StaleAfter);
            }
        }

        return StatusText.Write(summary);
    }

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
        if (candidate.DocsPerSecond is { } rate && double.IsFinite(rate))
        {
            shown["docsPerSecond"] = (long)Math.Clamp(Math.Round(rate), 0, long.MaxValue / 2);
        }

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
            ["historyKey"] = StatusText.Cut(ended.Key, 384),
        };
        AddText(shown, "code", ended.Code.Length == 0 ? null : ended.Code, 64);
        return shown;
    }

    private static void AddRuns(JsonObject document, ResourceState<SearchDatasetWork> state)
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

        AddTime(document, "nextRun", state.NextDue);
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
        ["message"] = StatusText.Cut(condition.Message, 160),
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

    private static void AddTime(JsonObject document, string member, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            document[member] = Time(at);
        }
    }

    /// <summary>Whole seconds, as Kubernetes writes times.</summary>
    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
