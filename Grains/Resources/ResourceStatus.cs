using System.Globalization;
using System.Text.Json.Nodes;
using ClusterGrains.Status;

namespace ClusterGrains.Resources;

/// <summary>What the status document of every kind holds, and how its members are written.</summary>
internal static class ResourceStatus
{
    /// <summary>The rest is in the history.</summary>
    private const int MaxFindings = 10;

    /// <param name="reason">Of the verdict.</param>
    /// <param name="message">Of the verdict.</param>
    /// <param name="findings">Most severe first.</param>
    /// <param name="maxKey">Bytes that the newest record's key may take.</param>
    /// <param name="maxMessage">Bytes that the message of one condition may take.</param>
    public static JsonObject Document<TWork>(
        ResourceState<TWork> state, string reason, string message, IEnumerable<OpenFinding> findings, int maxKey, int maxMessage)
        where TWork : class, new()
    {
        var history = new JsonObject
        {
            ["pending"] = state.HistoryFailure is null ? 0 : state.Outbox.Entries.Length,
            ["line"] = state.Outbox.Line,
            ["seq"] = state.Outbox.Seq,
        };
        AddText(history, "lastKey", state.LastKey, maxKey);
        var document = new JsonObject
        {
            ["observedGeneration"] = state.Manifest?.Generation ?? 0,
            ["revision"] = state.Revision,
            ["reason"] = StatusText.Cut(reason, 64),
            ["message"] = StatusText.Cut(message, 256),
            ["findings"] = new JsonArray([.. All(state, findings).Take(MaxFindings).Select(Show)]),
            ["conditions"] = new JsonArray([.. state.Conditions.Select(condition => Show(condition, maxMessage))]),
            ["history"] = history,
        };
        if (state.LastRun is { } run)
        {
            document["lastRun"] = Show(run);
        }

        AddTime(document, "nextRun", state.NextDue);
        return document;
    }

    /// <summary>What lists show of every kind, without waking the grain. Read by the fleet API.</summary>
    /// <param name="since">When what the reason names began; null when nobody needs to know.</param>
    public static JsonObject Summary(string verdict, string reason, string message, DateTimeOffset? since)
    {
        var summary = new JsonObject { ["verdict"] = verdict, ["reason"] = StatusText.Cut(reason, 64) };
        AddText(summary, "message", message.Length == 0 ? null : message, 256);
        AddTime(summary, "since", since);
        return summary;
    }

    /// <summary>Since when there is the finding that explains a verdict; null when none does.</summary>
    public static DateTimeOffset? Since(IEnumerable<OpenFinding> findings, string reason) =>
        findings.FirstOrDefault(open => open.Finding.Code == reason)?.Since;

    private static IEnumerable<OpenFinding> All<TWork>(ResourceState<TWork> state, IEnumerable<OpenFinding> findings)
        where TWork : class, new() => state.MissingRecords is null
            ? findings
            : findings.Concat(ResourceFindings.Of(state)).OrderByDescending(open => open.Finding.Severity);

    public static void AddText(JsonObject document, string member, string? text, int maxBytes)
    {
        if (text is not null)
        {
            document[member] = StatusText.Cut(text, maxBytes);
        }
    }

    public static void AddTime(JsonObject document, string member, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            document[member] = Time(at);
        }
    }

    /// <summary>A whole number; one that is not finite is left out.</summary>
    public static void AddNumber(JsonObject document, string member, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            document[member] = (long)Math.Clamp(Math.Round(number), 0, long.MaxValue / 2);
        }
    }

    /// <summary>Whole seconds, as Kubernetes writes times.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static JsonObject Show(ClosedRun run) => new()
    {
        ["runId"] = run.RunId,
        ["startedAt"] = Time(run.StartedAt),
        ["finishedAt"] = Time(run.FinishedAt),
        ["outcome"] = run.Outcome,
    };

    private static JsonObject Show(OpenFinding open) => new()
    {
        ["code"] = StatusText.Cut(open.Finding.Code, 64),
        ["severity"] = open.Finding.Severity.ToString(),
        ["object"] = StatusText.Cut(open.Finding.Object, 128),
        ["message"] = StatusText.Cut(open.Finding.Message, 384),
        ["since"] = Time(open.Since),
    };

    private static JsonObject Show(Condition condition, int maxMessage) => new()
    {
        ["type"] = condition.Type,
        ["status"] = condition.Status,
        ["reason"] = StatusText.Cut(condition.Reason, 64),
        ["message"] = StatusText.Cut(condition.Message, maxMessage),
        ["lastTransitionTime"] = Time(condition.LastTransitionTime),
        ["observedGeneration"] = condition.ObservedGeneration,
    };
}
