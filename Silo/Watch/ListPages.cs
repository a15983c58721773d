using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>Reads everything a target holds as manifests: see <see cref="ObjectPages"/>.</summary>
internal sealed class ListPages(KubernetesConnection connection, WatchOptions options)
{
    private const string Metadata = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, application/json";

    private readonly ObjectPages _pages = new(connection);

    /// <param name="metadataOnly">Whether uid, generation and annotations are enough; specs are then empty.</param>
    /// <exception cref="DependencyException">There was no answer, or none that is a list.</exception>
    public IAsyncEnumerable<ObjectPage<ListedItem>> Read(WatchTarget target, bool metadataOnly, CancellationToken cancellationToken) => _pages.Read(
        target.Collection,
        options.PageSize,
        options.MaxPage,
        metadataOnly ? Metadata : null,
        item =>
        {
            var manifest = ManifestJson.Read(item, out var problem);
            return new ListedItem(ManifestJson.Key(item), manifest, problem);
        },
        cancellationToken);
}

/// <param name="Key">Null when not even that can be read.</param>
/// <param name="Manifest">Null when it cannot be read.</param>
/// <param name="Problem">Why it cannot be read.</param>
internal readonly record struct ListedItem(ResourceKey? Key, Manifest? Manifest, string? Problem);
