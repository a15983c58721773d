using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Watch;

/// <summary>
/// A consistent list against the index: what differs is offered, what is missing is asked about. Nothing is concluded from
/// absence here; the grain reads for itself.
/// </summary>
internal sealed class WatchList(
    WatchTarget target,
    ListPages pages,
    IResourceIndex index,
    DeliveryQueue queue,
    WatchJournal journal)
{
    /// <exception cref="DependencyException">The API server or the storage did not answer.</exception>
    public async Task<WatchStep> Run(RelistCause cause, CancellationToken cancellationToken)
    {
        // The index first: what changes in between then shows as a difference, and is offered once more than needed.
        var rows = await target.Rows(index, cancellationToken);
        var pass = new Pass();
        await foreach (var page in pages.Read(target, metadataOnly: false, cancellationToken))
        {
            journal.Heard();
            if (page.HasTokenExpired)
            {
                journal.PageExpired();
            }

            if (page.Failure is not null)
            {
                return new WatchStep(null, page.Failure);
            }

            pass.Version = page.Version;
            foreach (var item in page.Items)
            {
                Compare(item, rows, pass);
            }
        }

        var missing = AskAboutMissing(rows, pass.Present);
        journal.Listed(cause, pass.Present.Count, pass.Changed, missing);
        return new WatchStep(pass.Version, null);
    }

    private void Compare(ListedItem item, Dictionary<Address, IndexRow> rows, Pass pass)
    {
        if (item.Key is { } present)
        {
            pass.Present.Add(new Address(target.Kind, present));
        }

        if (item.Manifest is not { } manifest)
        {
            journal.Undecodable(item.Key, item.Problem!);
            return;
        }

        var address = new Address(target.Kind, manifest.Key);
        if (rows.TryGetValue(address, out var row) && Stamp.Of(manifest).Matches(row))
        {
            pass.Changed += queue.Confirm(address, manifest) ? 1 : 0;
            return;
        }

        pass.Changed++;
        queue.OfferListed(address, new Delivery.Observe(manifest));
    }

    /// <summary>Also about what was told after the index was read: its row is not in <paramref name="rows"/> yet.</summary>
    private int AskAboutMissing(Dictionary<Address, IndexRow> rows, HashSet<Address> present)
    {
        var unfinished = rows.Where(row => row.Value.Phase != "Retired").Select(row => row.Key);
        var missing = unfinished.Union(queue.Known(target)).Except(present).ToList();
        foreach (var address in missing)
        {
            queue.OfferListed(address, new Delivery.Ask());
        }

        return missing.Count;
    }

    /// <summary>One pass over all pages.</summary>
    private sealed class Pass
    {
        public HashSet<Address> Present { get; } = [];
        public int Changed { get; set; }
        public string? Version { get; set; }
    }
}
