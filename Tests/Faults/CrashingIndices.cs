using System.Collections.Immutable;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Faults;

/// <summary>The real index store, whose sessions pass crash points.</summary>
internal sealed class CrashingIndices(IIndexStore store, Crasher crasher) : IIndexStore
{
    public async Task<IIndexSession> Connect(
        string resourceNamespace, SearchClusterSpec cluster, CancellationToken cancellationToken) =>
        new Session(await store.Connect(resourceNamespace, cluster, cancellationToken), crasher);

    /// <summary>What changes the cluster has a crash point before and after; what decides about it, too.</summary>
    private sealed class Session(IIndexSession inner, Crasher crasher) : IIndexSession
    {
        private volatile bool _swapped;

        public ClusterIdentity Identity => inner.Identity;

        public Task<ClusterIdentity> Identify(CancellationToken cancellationToken) => inner.Identify(cancellationToken);

        public Task<AliasView> Alias(string alias, CancellationToken cancellationToken) =>
            Reach(_swapped ? DatasetCrashPoint.ReadBack : CrashPoint.None, () => inner.Alias(alias, cancellationToken));

        public Task<ImmutableArray<IndexView>> Indices(string prefix, CancellationToken cancellationToken) =>
            inner.Indices(prefix, cancellationToken);

        public Task<IndexView?> Find(string index, CancellationToken cancellationToken) => inner.Find(index, cancellationToken);

        public Task<TemplateEffect> Simulate(string index, CancellationToken cancellationToken) =>
            Reach(DatasetCrashPoint.Simulate, () => inner.Simulate(index, cancellationToken));

        public Task<ImmutableArray<NodeRoom>> Room(CancellationToken cancellationToken) => inner.Room(cancellationToken);

        public Task<CreateAnswer> Create(string index, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
            Reach(DatasetCrashPoint.Create, () => inner.Create(index, body, cancellationToken));

        public Task<bool> PointLoadAlias(IndexView index, string? alias, CancellationToken cancellationToken) =>
            Reach(DatasetCrashPoint.PointLoadAlias, () => inner.PointLoadAlias(index, alias, cancellationToken));

        public Task<BulkAnswer> Bulk(string alias, ReadOnlyMemory<byte> body, int items, CancellationToken cancellationToken) =>
            Reach(DatasetCrashPoint.Bulk, () => inner.Bulk(alias, body, items, cancellationToken));

        public Task Configure(string index, ReadOnlyMemory<byte> settings, CancellationToken cancellationToken) =>
            Reach(DatasetCrashPoint.Configure, () => inner.Configure(index, settings, cancellationToken));

        public Task BlockWrites(string index, CancellationToken cancellationToken) =>
            Reach(DatasetCrashPoint.BlockWrites, () => inner.BlockWrites(index, cancellationToken));

        public Task Mark(string index, IndexMark mark, CancellationToken cancellationToken) =>
            Reach(DatasetCrashPoint.Mark, () => inner.Mark(index, mark, cancellationToken));

        public Task<IndexHealth?> Health(string index, CancellationToken cancellationToken) =>
            inner.Health(index, cancellationToken);

        public Task Refresh(string index, CancellationToken cancellationToken) =>
            Reach(DatasetCrashPoint.Refresh, () => inner.Refresh(index, cancellationToken));

        public Task<IndexSize> Count(string index, CancellationToken cancellationToken) =>
            Reach(DatasetCrashPoint.Count, () => inner.Count(index, cancellationToken));

        public Task<SearchAnswer> Search(string index, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
            Reach(DatasetCrashPoint.Search, () => inner.Search(index, body, cancellationToken));

        public async Task<SwapAnswer> Swap(string alias, AliasTarget? from, string to, CancellationToken cancellationToken)
        {
            var answer = await Reach(DatasetCrashPoint.Swap, () => inner.Swap(alias, from, to, cancellationToken));
            _swapped = true;
            return answer;
        }

        public Task<bool> Delete(string index, string uuid, CancellationToken cancellationToken) =>
            Reach(DatasetCrashPoint.Delete, () => inner.Delete(index, uuid, cancellationToken));

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private async Task<T> Reach<T>(string effect, Func<Task<T>> act)
        {
            crasher.Reach(CrashPoint.Before(effect));
            var answer = await act();
            crasher.Tell($"did {effect}");
            crasher.Reach(CrashPoint.After(effect));
            return answer;
        }

        private Task Reach(string effect, Func<Task> act) => Reach(effect, async () =>
        {
            await act();
            return true;
        });
    }
}
