using System.Text.Json;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Kubernetes.Objects;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>
/// Waits until a fleet has come to rest. The limit is generous: it turns silence into a failure and judges no speed.
/// </summary>
internal sealed class Settling(FleetWorld world, TimeSpan patience, Action<string> tell)
{
    private const int MaxShown = 8;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BeforeTelling = TimeSpan.FromSeconds(10);

    /// <summary>Every SearchCluster shows a check that began after now.</summary>
    public Task<string> Checked(CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetUtcNow();
        return Until(_ => Task.FromResult(Unchecked(since)), cancellationToken);
    }

    /// <summary>Every SearchDataset has the newest version of its source behind its alias, and nothing under way.</summary>
    public Task<string> Updated(CancellationToken cancellationToken) =>
        Until(_ => Task.FromResult(NotUpdated()), cancellationToken);

    /// <summary>Both of them, every edit is observed, everything deleted is buried, and no record waits.</summary>
    public Task<string> Settled(CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetUtcNow();
        return Until(
            async token =>
            {
                List<string> shown = [.. Unchecked(since), .. NotUpdated(), .. NotObserved()];
                return shown.Count > 0 ? shown : await Unburied(token);
            },
            cancellationToken);
    }

    /// <summary>The status of a resource shows something; waits until it does.</summary>
    public Task<string> Shows(ResourceKind kind, string name, Func<JsonElement, bool> holds, CancellationToken cancellationToken) => Until(
        _ => Task.FromResult(world.Api.List(kind).Any(resource => resource.Key.Name == name && Find(resource) is { } status && holds(status))
            ? Enumerable.Empty<string>()
            : [$"{name} does not show it"]),
        cancellationToken);

    private async Task<string> Until(Func<CancellationToken, Task<IEnumerable<string>>> missing, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        List<string> left = [];
        var told = TimeProvider.System.GetTimestamp();
        try
        {
            while ((left = [.. await missing(limit.Token)]).Count > 0)
            {
                world.Silos.ThrowIfCrashed();
                if (TimeProvider.System.GetElapsedTime(told) > BeforeTelling)
                {
                    tell($"           {left.Count} are missing: {string.Join("; ", left.Take(3))}");
                    told = TimeProvider.System.GetTimestamp();
                }

                await Task.Delay(Glance, TimeProvider.System, limit.Token);
            }

            return "";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"after {Durations.Format(patience)} {left.Count} things are still missing ({world.Silos.Describe()}):\n  "
                + string.Join("\n  ", left.Take(MaxShown)));
        }
    }

    private IEnumerable<string> Unchecked(DateTimeOffset since) =>
        from resource in world.Api.List(SearchClusters.Kind)
        let run = Text(resource, "lastRun", "runId")
        where run is null || Ulid.Parse(run).Time < since
        select $"{resource.Key.Name} was not checked since; its last run is {run ?? "none"}";

    private IEnumerable<string> NotUpdated() =>
        from resource in world.Api.List(SearchDatasets.Kind)
        let newest = world.Data.Newest(resource.Key.Name)
        let published = Text(resource, "published", "version")
        where newest is not null && (published != newest || Text(resource, "candidate", "version") is not null)
        select $"{resource.Key.Name} publishes {published ?? "nothing"} and not {newest}: {Text(resource, "message")}";

    private IEnumerable<string> NotObserved() =>
        from kind in new[] { SearchClusters.Kind, SearchDatasets.Kind }
        from resource in world.Api.List(kind)
        let generation = resource.Document.GetProperty("metadata").GetProperty("generation").GetInt64()
        let observed = Find(resource, "observedGeneration")?.GetInt64()
        let pending = Find(resource, "history", "pending")?.GetInt64()
        where observed != generation || pending != 0
        select $"{resource.Key.Name} has generation {generation}, has observed {observed} and {pending} records wait";

    private async Task<IEnumerable<string>> Unburied(CancellationToken cancellationToken)
    {
        var live = world.Api.List(SearchClusters.Kind).Concat(world.Api.List(SearchDatasets.Kind)).Select(resource => resource.Uid[..8]);
        return (await world.History.Unburied(cancellationToken)).Except(live).Select(uid => $"{uid}… is gone and has no tombstone");
    }

    private static string? Text(StoredObject resource, params string[] path) => Find(resource, path)?.GetString();

    private static JsonElement? Find(StoredObject resource, params string[] path)
    {
        if (!resource.Document.TryGetProperty("status", out var at))
        {
            return null;
        }

        foreach (var name in path)
        {
            if (at.ValueKind is not JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }

        return at;
    }
}
