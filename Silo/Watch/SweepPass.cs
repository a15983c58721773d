using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Watch;

/// <summary>
/// One comparison of a target: its metadata in the API server against its rows in the index. All or nothing: a page that
/// fails leaves no conclusion.
/// </summary>
internal sealed class SweepPass(ListPages pages, IResourceIndex index)
{
    /// <summary>A token that expires is an everyday event; one list after the other whose token expires is not.</summary>
    private const int Attempts = 3;

    /// <exception cref="DependencyException">The API server or the storage did not answer, or not completely.</exception>
    public async Task<Comparison> Run(WatchTarget target, CancellationToken cancellationToken)
    {
        ApiFailure? expired = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var comparison = new Comparison();
            expired = await Read(target, comparison, cancellationToken);
            if (expired is null)
            {
                return comparison;
            }
        }

        throw Refused(expired!, target);
    }

    /// <summary>Null when the list was read to its end; otherwise what the server said of its token.</summary>
    private async Task<ApiFailure?> Read(WatchTarget target, Comparison comparison, CancellationToken cancellationToken)
    {
        var live = new Dictionary<Address, Stamp>();
        var rows = await target.Rows(index, cancellationToken);
        await foreach (var page in pages.Read(target, metadataOnly: true, cancellationToken))
        {
            if (page.Failure is { } failure)
            {
                return page.HasTokenExpired ? failure : throw Refused(failure, target);
            }

            foreach (var item in page.Items)
            {
                if (item.Manifest is { } manifest)
                {
                    live[new Address(target.Kind, manifest.Key)] = Stamp.Of(manifest);
                }
                else
                {
                    comparison.Unreadable.Add(item);
                }
            }
        }

        // Of these is not known what they say, so nothing differs.
        var unreadable = comparison.Unreadable
            .Where(item => item.Key is not null).Select(item => new Address(target.Kind, item.Key!.Value))
            .Concat(rows.Where(row => row.Value.Damage is not null).Select(row => row.Key));
        foreach (var address in rows.Keys.Union(live.Keys).Except(unreadable))
        {
            Stamp? stamp = live.TryGetValue(address, out var listed) ? listed : null;
            if (Difference.Between(address, stamp, rows.GetValueOrDefault(address)) is { } difference)
            {
                comparison.Differences.Add(address, difference);
            }
        }

        return null;
    }

    private static DependencyException Refused(ApiFailure failure, WatchTarget target) =>
        new(Dependency.KubernetesApi, failure.Explain("list", target.Collection));

    /// <summary>What one pass has seen.</summary>
    internal sealed class Comparison
    {
        public Dictionary<Address, Difference> Differences { get; } = [];

        /// <summary>Objects that are there, and nothing more is known of them.</summary>
        public List<ListedItem> Unreadable { get; } = [];
    }
}
