using System.Globalization;
using System.Text.Json.Nodes;
using ClusterGrains.Access;
using ClusterGrains.Resources;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ClusterGrains.Fleet;

/// <summary><c>GET /api/v1/summary</c>: how many resources of each kind the caller may see, by verdict.</summary>
internal sealed class FleetSummary(FleetCounter counter, IEnumerable<ResourceKind> kinds, ICallerRights rights)
{
    /// <summary>Old enough for many people and programs to share one count.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    public async Task<Results<JsonHttpResult<JsonObject>, ProblemHttpResult>> Show(HttpContext http, CancellationToken cancellationToken)
    {
        var reading = new FleetParameters(http.Request.Query);
        var only = reading.Namespace("namespace");
        if (reading.Problem() is { } problem)
        {
            return FleetProblem.Mistake(problem);
        }

        var count = await counter.Count(MaxAge, cancellationToken);
        var shown = new JsonObject();
        foreach (var kind in kinds)
        {
            string[] namespaces = only is not null
                ? [only]
                : [.. count.Groups.Keys.Where(group => group.Kind == kind.Name).Select(group => group.Namespace).Distinct()];
            var scope = await rights.Scope(http.User, kind, namespaces, cancellationToken);

            // Of a namespace that was named it may be said that it is not shown; others are simply not there.
            if (only is null || scope.Contains(only))
            {
                shown[kind.Name] = Describe(kind, count, [.. namespaces.Where(scope.Contains)]);
            }
        }

        return shown.Count == 0
            ? FleetProblem.Forbidden("list", kinds.First(), only!)
            : TypedResults.Json(new JsonObject
            {
                ["countedAt"] = count.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                ["kinds"] = shown,
            });
    }

    private static JsonObject Describe(ResourceKind kind, FleetCount count, HashSet<string> namespaces)
    {
        var groups = count.Groups.Where(one => one.Key.Kind == kind.Name && namespaces.Contains(one.Key.Namespace)).ToArray();
        var verdicts = new JsonObject(kind.Verdicts.Select(verdict => KeyValuePair.Create(verdict, (JsonNode?)0)));
        foreach (var (group, number) in groups)
        {
            verdicts[group.Verdict] = number + ((int?)verdicts[group.Verdict] ?? 0);
        }

        return new JsonObject
        {
            ["plural"] = kind.Plural,
            ["total"] = groups.Sum(one => one.Value),
            ["retiring"] = groups.Where(one => one.Key.Phase == nameof(ResourcePhase.Retiring)).Sum(one => one.Value),
            ["verdicts"] = verdicts,
            ["troubles"] = Troubles(kind, groups),
        };
    }

    /// <summary>Why how many of the active ones need somebody, the most urgent first.</summary>
    private static JsonArray Troubles(ResourceKind kind, IEnumerable<KeyValuePair<FleetCount.Group, int>> groups) =>
    [
        .. from one in groups
           where one.Key.Reason is not null && one.Key.Phase == nameof(ResourcePhase.Active)
           group one.Value by (one.Key.Verdict, Reason: one.Key.Reason!) into same
           orderby kind.Urgency(same.Key.Verdict, same.Key.Reason), same.Key
           select new JsonObject { ["verdict"] = same.Key.Verdict, ["reason"] = same.Key.Reason, ["resources"] = same.Sum() },
    ];
}
