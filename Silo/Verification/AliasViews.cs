using System.Collections.Concurrent;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;

namespace ClusterGrains.Verification;

/// <summary>Asks the search clusters what the aliases of datasets show. One that does not answer is left out, and said so.</summary>
internal sealed class AliasViews(IIndexStore clusters, TimeProvider time)
{
    private const int MaxClusters = 8;
    private const int MaxRequests = 4;

    /// <summary>For finding one cluster, and again for each of its aliases.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<(IReadOnlyDictionary<ResourceId, AliasFacts> Aliases, IReadOnlyCollection<Unseen> Unseen)> Read(
        IEnumerable<RowFacts> rows, CancellationToken cancellationToken)
    {
        var (aliases, unseen) = (new ConcurrentDictionary<ResourceId, AliasFacts>(), new ConcurrentQueue<Unseen>());
        var all = rows.ToLookup(row => row.Resource);
        var wanted = all.SelectMany(same => same)
            .Where(row => row.Dataset is { Alias: not null, Shows.Length: > 0 })
            .GroupBy(row => new ResourceId(
                SearchClusters.Kind, new ResourceKey(row.Resource.Key.Namespace, row.Dataset!.Cluster ?? "")));
        await Parallel.ForEachAsync(
            wanted,
            new ParallelOptions { MaxDegreeOfParallelism = MaxClusters, CancellationToken = cancellationToken },
            async (datasets, token) =>
            {
                var visit = new Visit(datasets.Key, all[datasets.Key].FirstOrDefault()?.Spec, aliases, unseen);
                await Ask(visit, [.. datasets], token);
            });
        return (aliases, unseen);
    }

    private async Task Ask(Visit visit, RowFacts[] datasets, CancellationToken cancellationToken)
    {
        try
        {
            var spec = visit.Spec is { } accepted ? ClusterSpecs.Read(accepted, TimeSpan.Zero).Spec : null;
            if (spec is null)
            {
                visit.Skip(datasets, Dependency.SearchCluster, "there is no such resource, or it has no accepted spec.");
                return;
            }

            await using var session = await Bounded(
                token => clusters.Connect(visit.Cluster.Key.Namespace, spec, token), cancellationToken);
            await Parallel.ForEachAsync(
                datasets,
                new ParallelOptions { MaxDegreeOfParallelism = MaxRequests, CancellationToken = cancellationToken },
                async (dataset, token) => await Ask(visit, session, dataset, token));
        }
        catch (DependencyException failure)
        {
            visit.Skip(datasets, failure.Dependency, failure.Message);
        }
    }

    private async Task Ask(Visit visit, IIndexSession session, RowFacts row, CancellationToken cancellationToken)
    {
        if (session.Identity.ClusterUuid != row.Dataset!.ClusterUuid)
        {
            visit.Skip([row], Dependency.SearchCluster, $"another cluster answers, {session.Identity.ClusterUuid}; its next run will say so.");
            return;
        }

        try
        {
            var view = await Bounded(token => session.Alias(row.Dataset.Alias!, token), cancellationToken);
            visit.Aliases[row.Resource] = new AliasFacts(
                string.Join(',', view.Targets.Select(target => target.Index).Order(StringComparer.Ordinal)),
                view.Targets.Length == 1 && view.Targets[0].IsWriteIndex is null ? null : view.Targets.Count(target => target.IsWriteIndex == true),
                view.IndexOfThatName);
        }
        catch (DependencyException failure)
        {
            visit.Skip([row], failure.Dependency, failure.Message);
        }
    }

    private async Task<T> Bounded<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await ask(either.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DependencyException(
                Dependency.SearchCluster, $"no answer within {Patience.TotalSeconds:0} s.", late);
        }
    }

    /// <summary>One search cluster while its datasets are looked at.</summary>
    private sealed record Visit(
        ResourceId Cluster, string? Spec, ConcurrentDictionary<ResourceId, AliasFacts> Aliases, ConcurrentQueue<Unseen> Unseen)
    {
        public void Skip(RowFacts[] datasets, Dependency dependency, string why)
        {
            var whose = datasets is [var one] ? one.Resource.ToString() : $"{datasets.Length} datasets";
            Unseen.Enqueue(new Unseen(dependency, $"The alias of {whose} in {Cluster}", why));
        }
    }
}
