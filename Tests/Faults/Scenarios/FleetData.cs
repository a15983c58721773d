using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Clusters;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>The datasets of a fleet: what their producers publish, and what readers find behind the aliases.</summary>
/// <param name="folder">Of the sources.</param>
/// <param name="cluster">The search cluster of all datasets.</param>
/// <param name="documents">Of a version, about.</param>
internal sealed class FleetData(string folder, FleetApi api, PretendCluster cluster, int documents) : IAsyncDisposable
{
    /// <summary>The SearchCluster of all datasets.</summary>
    public const string ClusterName = "data";

    private static readonly TimeSpan BetweenVersions = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, int> _published = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BulkGate> _gates = new(StringComparer.Ordinal);
    private CancellationTokenSource? _publishing;
    private Task _publisher = Task.CompletedTask;
    private Corpus? _last;

    public PretendCluster Cluster => cluster;

    /// <summary>The newest version in a dataset's source; null for none.</summary>
    public string? Newest(string name) => _published.TryGetValue(name, out var number) ? VersionName(number) : null;

    public string ClusterManifest => $$"""
        apiVersion: clustergrains.io/v1alpha1
        kind: SearchCluster
        metadata: {name: {{ClusterName}}, namespace: default}
        spec: {endpoints: ["{{cluster.Url}}"], schedule: {interval: 2s} }
        """;

    public string Manifest(string name, TimeSpan interval)
    {
        Directory.CreateDirectory(Path.Combine(folder, name));
        return $$"""
            apiVersion: clustergrains.io/v1alpha1
            kind: SearchDataset
            metadata: {name: {{name}}, namespace: default}
            spec:
              clusterRef: {name: {{ClusterName}} }
              alias: {{name}}
              source: {uri: "{{Source(name).Uri}}", idField: sku}
              index: {shards: 1, mappings: {properties: {sku: {type: keyword}, version: {type: keyword} } } }
              load: {batchBytes: 64Ki, workers: 1}
              rollout: {keepPrevious: 1, orphanGrace: 0s}
              schedule: {interval: {{Durations.Format(interval)}} }
            """;
    }

    /// <summary>The next version of so many datasets, those with the fewest versions first.</summary>
    public string Publish(int count)
    {
        var chosen = api.List(SearchDatasets.Kind).Select(dataset => dataset.Key.Name)
            .OrderBy(name => _published.GetValueOrDefault(name)).ThenBy(name => name, StringComparer.Ordinal).Take(count).ToList();
        chosen.ForEach(Publish);
        return string.Join(' ', chosen.Take(5)) + (chosen.Count > 5 ? $" and {chosen.Count - 5} more" : "");
    }

    /// <summary>From now on each dataset gets a version as soon as the one before is behind its alias.</summary>
    public string KeepPublishing()
    {
        if (_publishing is null)
        {
            _publishing = new CancellationTokenSource();
            _publisher = PublishAgainAndAgain(_publishing.Token);
        }

        return "";
    }

    public async Task<string> StopPublishing()
    {
        if (_publishing is { } publishing)
        {
            await publishing.CancelAsync();
            await _publisher;
            publishing.Dispose();
            _publishing = null;
        }

        return "";
    }

    /// <summary>Each dataset's next load waits in the middle of the second of its three files.</summary>
    public string HoldLoads()
    {
        foreach (var name in api.List(SearchDatasets.Kind).Select(dataset => dataset.Key.Name))
        {
            _gates[name] = new BulkGate(cluster, name, passing: 4);
        }

        return "";
    }

    /// <summary>The dataset whose load is held.</summary>
    public string Held => _gates.First(gate => gate.Value.Arrived.IsCompleted).Key;

    public async Task<string> LoadIsHeld(CancellationToken cancellationToken)
    {
        if (_gates.Count == 0)
        {
            throw new InvalidOperationException("no loads are held; write before: hold the loads.");
        }

        await Task.WhenAny(_gates.Values.Select(gate => gate.Arrived)).WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);
        return Held;
    }

    public string ReleaseLoads()
    {
        foreach (var gate in _gates.Values)
        {
            gate.Dispose();
        }

        _gates.Clear();
        return "";
    }

    /// <summary>The version behind an alias; null when nothing is there.</summary>
    public string? Shown(string alias) => cluster.Indices.Aliased(alias) is [var index]
        && index.Documents.All() is [var document, ..] ? VersionOf(document.Source) : null;

    /// <summary>What readers see that they must not: two indices behind an alias, a version that is not whole, or nothing any more.</summary>
    public IEnumerable<string> Violations()
    {
        foreach (var name in _published.Keys.Order(StringComparer.Ordinal))
        {
            var behind = cluster.Indices.Aliased(name);
            if (behind.Count > 1)
            {
                yield return $"dataset {name}: {behind.Count} indices are behind its alias";
            }
            else if (behind is [var index] && Difference(index.Documents.All().ToDictionary(
                document => document.Id, document => document.Source, StringComparer.Ordinal)) is { } difference)
            {
                yield return $"dataset {name}: {index.Name} behind its alias {difference}";
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopPublishing();
        ReleaseLoads();
    }

    private async Task PublishAgainAndAgain(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (!api.IsStopped)
                {
                    foreach (var name in api.List(SearchDatasets.Kind).Select(dataset => dataset.Key.Name))
                    {
                        if (Shown(name) == Newest(name))
                        {
                            Publish(name);
                        }
                    }
                }

                await Task.Delay(BetweenVersions, TimeProvider.System, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private void Publish(string name)
    {
        var number = _published.GetValueOrDefault(name) + 1;
        Source(name).Publish(Version(VersionName(number)));
        _published[name] = number;
    }

    private string? Difference(Dictionary<string, ReadOnlyMemory<byte>> arrived)
    {
        if (arrived.Count == 0)
        {
            return "is empty";
        }

        var version = Version(VersionOf(arrived.First().Value)!);
        var missing = version.Documents.Keys.Except(arrived.Keys).Count();
        var wrong = arrived.Count(one => !version.Documents.TryGetValue(one.Key, out var document) || !one.Value.Span.SequenceEqual(document));
        return missing + wrong == 0 ? null : $"is not version {version.Version}: {missing} documents are missing and {wrong} are others";
    }

    /// <summary>Of all datasets alike; the last one is kept, for it is asked for again.</summary>
    private Corpus Version(string name)
    {
        if (_last is not { } last || last.Version != name)
        {
            _last = last = Corpus.Of(name, documents + (int.Parse(name, CultureInfo.InvariantCulture) % 7), padding: 3000);
        }

        return last;
    }

    private SourceFolder Source(string name) => new(Path.Combine(folder, name));

    private static string VersionName(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:000000}");

    private static string? VersionOf(ReadOnlyMemory<byte> document)
    {
        using var json = JsonDocument.Parse(document);
        return json.RootElement.GetProperty("version").GetString();
    }
}
