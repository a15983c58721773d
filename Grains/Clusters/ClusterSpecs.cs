using System.Collections.Immutable;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>Reads the spec of a SearchCluster.</summary>
public static class ClusterSpecs
{
    /// <summary>The spec, defaults filled in; or every problem that the schema could not see, each with field and cure.</summary>
    /// <param name="minimumInterval">The setting <c>Checks:MinimumInterval</c>; zero reads a spec that was accepted before.</param>
    public static SpecReading<SearchClusterSpec> Read(string json, TimeSpan minimumInterval) =>
        SpecReading.Read<SearchClusterSpec>(json, "searchcluster", spec =>
        [
            .. Endpoints(spec.Endpoints),
            .. PaceRules.Check(spec.Schedule.Interval, spec.Schedule.StaleAfter, minimumInterval),
        ]);

    private static IEnumerable<SpecProblem> Endpoints(ImmutableArray<string> endpoints)
    {
        var seen = new Dictionary<Uri, int>();
        foreach (var (i, endpoint) in endpoints.Index().Where(one => one.Item is not null))
        {
            var field = $"spec.endpoints[{i}]";
            if (!EndpointUrl.TryParse(endpoint, out var url, out var cure))
            {
                yield return new(field, SpecSchema.Shown(endpoint), cure);
            }
            else if (!seen.TryAdd(url, i))
            {
                yield return new(field, SpecSchema.Shown(endpoint), $"Take it out: spec.endpoints[{seen[url]}] is the same.");
            }
        }
    }
}
