using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>
/// Which versions are complete. Asking costs a request each, so of a long history only the newest are asked at every look
/// and the others remembered. Whoever loads a version looks at its marker anyway.
/// </summary>
internal sealed class CompleteVersions
{
    private const int MaxRemembered = 100_000;
    private const int MaxConcurrent = 16;

    private readonly RecentlyUsed<(SourceSpec Source, string Namespace, string Version), bool> _complete = new(MaxRemembered);

    /// <param name="oldestFirst">Names of versions.</param>
    public async Task<VersionFolder[]> Look(
        ISourceStore store, string resourceNamespace, SourceSpec source, string[] oldestFirst, CancellationToken cancellationToken)
    {
        (SourceSpec, string, string) Key(string version) => (source, resourceNamespace, version);
        var folders = oldestFirst
            .Select(name => new VersionFolder(name, _complete.TryGet(Key(name), out var known) && known))
            .ToArray();
        var newest = Math.Max(0, folders.Length - store.Looks.Newest);
        var others = Enumerable.Range(0, newest).Reverse().Where(i => !folders[i].Complete).Take(store.Looks.Others);
        var asked = Enumerable.Range(newest, folders.Length - newest).Concat(others.ToArray());
        await Parallel.ForEachAsync(
            asked,
            new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrent, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                var name = folders[i].Name;
                folders[i] = new VersionFolder(name, await IsComplete(store, source, name, token));
                _complete.Set(Key(name), folders[i].Complete);
            });
        return folders;
    }

    private static async Task<bool> IsComplete(ISourceStore store, SourceSpec source, string version, CancellationToken cancellationToken) =>
        await store.Find($"{version}/{source.Marker}", cancellationToken) is not null
        && (source.Manifest is not ManifestUse.Required
            || await store.Find($"{version}/{VersionContent.ManifestName}", cancellationToken) is not null);
}
