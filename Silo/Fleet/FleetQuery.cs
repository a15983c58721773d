using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ClusterGrains.Resources;

namespace ClusterGrains.Fleet;

/// <summary>Which resources of a kind a list shows, and which page of it.</summary>
internal sealed record FleetQuery
{
    private const int UsualLimit = 100;
    private const int MaxLimit = 500;

    /// <summary>Only of this namespace; null for all that the caller may see.</summary>
    public string? Namespace { get; private init; }

    public string NamePrefix { get; private init; } = "";

    /// <summary>Active or Retiring; null for both.</summary>
    public string? Phase { get; private init; }

    /// <summary>Any of these; empty for all.</summary>
    public ImmutableHashSet<string> Verdicts { get; private init; } = [];

    public string? Reason { get; private init; }

    public int Limit { get; private init; }

    /// <summary>The last resource that the page before looked at; null for the first page.</summary>
    public ResourceKey? After { get; private init; }

    /// <summary>Whether rows must be judged, by the clock, to know if they are asked for.</summary>
    public bool IsJudged => Verdicts.Count > 0 || Reason is not null;

    /// <summary>The query, and what is wrong with it: null when nothing is.</summary>
    public static (FleetQuery Query, string? Problem) Read(ResourceKind kind, IQueryCollection parameters)
    {
        var reading = new FleetParameters(parameters);
        var query = new FleetQuery
        {
            Namespace = reading.Namespace("namespace"),
            NamePrefix = reading.Prefix("name"),
            Phase = reading.Word("phase", nameof(ResourcePhase.Active), nameof(ResourcePhase.Retiring)),
            Verdicts = reading.Words("verdict", kind.Verdicts),
            Reason = reading.Code("reason"),
            Limit = reading.Number("limit", UsualLimit, 1, MaxLimit),
            After = reading.Token("continue", FleetPage.Read),
        };
        return (query, reading.Problem());
    }

    /// <summary>A resource of which nothing was ever said counts as Unknown.</summary>
    public bool Matches(JsonObject item) =>
        (Verdicts.Count == 0 || Verdicts.Contains(FleetItem.Text(item, "verdict") ?? FleetCount.Unknown))
        && (Reason is null || Reason == (FleetItem.Text(item, "reason") ?? FleetCount.NeverJudged));
}
