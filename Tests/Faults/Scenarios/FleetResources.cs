using System.Globalization;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Sandbox.Kubernetes.Objects;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>The custom resources of a fleet, as their users see and change them. Which ones are changed follows from the seed.</summary>
internal sealed class FleetResources(FleetApi api, FleetData data, IReadOnlyList<PretendCluster> clusters)
{
    private const int MaxNames = 10_000;

    private readonly Dictionary<string, string> _manifests = new(StringComparer.Ordinal);
    private Random _random = new(1);
    private int _edits;

    public void Seed(int seed) => _random = new Random(seed);

    /// <summary>How often a resource is due, by its name.</summary>
    public Dictionary<string, TimeSpan> Intervals { get; } = new(StringComparer.Ordinal);

    public Task<string> Create(ResourceKind kind, int count, TimeSpan interval)
    {
        if (count > MaxNames)
        {
            throw new InvalidOperationException("'all' is no number of resources to create; say how many.");
        }

        var prefix = IsCluster(kind) ? "c" : "d";
        var first = _manifests.Keys.Count(name => name.StartsWith(prefix, StringComparison.Ordinal)) + 1;
        for (var number = first; number < first + count; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");
            Intervals[name] = interval;
            _manifests[name] = IsCluster(kind) ? Cluster(name, number, interval) : data.Manifest(name, interval);
            api.Create(_manifests[name]);
        }

        return Task.FromResult(count == 1 ? $"{prefix}{first}" : $"{prefix}{first} to {prefix}{first + count - 1}");
    }

    /// <summary>A change of the spec that asks for a run and changes nothing of its outcome.</summary>
    public Task<string> Edit(ResourceKind kind, int count, CancellationToken cancellationToken) => Each(kind, count, async resource =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        var number = 5 + (++_edits % 20);
        await api.Patch(kind, resource.Key.Name, IsCluster(kind)
            ? $$"""{"spec":{"schedule":{"timeout":"{{number}}s"} } }"""
            : $$"""{"spec":{"schedule":{"staleAfter":"{{number}}m"} } }""");
    });

    public Task<string> Delete(ResourceKind kind, int count, CancellationToken cancellationToken) => Each(kind, count, resource =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        return api.Delete(kind, resource.Key.Name);
    });

    /// <summary>Deleted, and created at once under the same name.</summary>
    public Task<string> Recreate(ResourceKind kind, int count, CancellationToken cancellationToken) => Each(kind, count, async resource =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        await api.Delete(kind, resource.Key.Name);
        api.Create(_manifests[resource.Key.Name]);
    });

    private async Task<string> Each(ResourceKind kind, int count, Func<StoredObject, Task> act)
    {
        // The search clusters that datasets live in stay: deleting them is another story.
        var all = api.List(kind).Where(resource => _manifests.ContainsKey(resource.Key.Name)).ToArray();
        _random.Shuffle(all);
        var chosen = all.Take(count).ToList();
        foreach (var resource in chosen)
        {
            await act(resource);
        }

        return string.Join(' ', chosen.Take(5).Select(resource => resource.Key.Name)) + (chosen.Count > 5 ? $" and {chosen.Count - 5} more" : "");
    }

    private string Cluster(string name, int number, TimeSpan interval) => $$$"""
        apiVersion: clustergrains.io/v1alpha1
        kind: SearchCluster
        metadata: {name: {{{name}}}, namespace: default}
        spec: {endpoints: ["{{{clusters[number % clusters.Count].Url}}}"], schedule: {interval: {{{Durations.Format(interval)}}} }}
        """;

    private static bool IsCluster(ResourceKind kind) => kind == SearchClusters.Kind;
}
