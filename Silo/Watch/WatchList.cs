using System.Text.Json;
using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Watch;

/// <summary>
/// A consistent list against the index: what differs is offered, what is missing is asked about. Nothing is concluded from
/// absence here; the grain reads for itself.
/// </summary>
internal sealed class WatchList(
    WatchTarget target,
    KubernetesConnection connection,
    IResourceIndex index,
    DeliveryQueue queue,
    WatchOptions options,
    TimeProvider time,
    WatchJournal journal)
{
    /// <exception cref="DependencyException">The API server or the storage did not answer.</exception>
    public async Task<WatchStep> Run(RelistCause cause, CancellationToken cancellationToken)
    {
        // The index first: what changes in between then shows as a difference, and is offered once more than needed.
        var rows = (await index.List(target.Kind.Name, cancellationToken))
            .Where(row => target.Covers(row.Namespace))
            .ToDictionary(row => new Address(target.Kind, new ResourceKey(row.Namespace, row.Name)));
        var pass = new Pass();
        string? token = null;
        do
        {
            var answer = await connection.Ask(Request(token), cancellationToken);
            journal.Heard();
            if (answer.Failure is { IsExpired: true } && token is not null)
            {
                journal.PageExpired();
                return new WatchStep(null, answer.Failure);
            }

            if (answer.Failure is not null)
            {
                return new WatchStep(null, answer.Failure);
            }

            token = Read(answer, rows, pass);
        }
        while (!string.IsNullOrEmpty(token));

        var missing = AskAboutMissing(rows, pass.Present);
        journal.Listed(cause, pass.Present.Count, pass.Changed, missing);
        return new WatchStep(pass.Version, null);
    }

    /// <summary>Without resourceVersion the answer is consistent: what etcd holds now, not what some cache remembers.</summary>
    private ApiRequest Request(string? token)
    {
        var page = token is null ? "" : $"&continue={Uri.EscapeDataString(token)}";
        return new ApiRequest("list", target.Collection, $"limit={options.PageSize}{page}")
        {
            Timeout = TimeSpan.FromSeconds(60),
            MaxAnswer = options.MaxPage,
        };
    }

    private string? Read(ApiAnswer answer, Dictionary<Address, IndexRow> rows, Pass pass)
    {
        using var json = answer.Json();
        var metadata = json.RootElement.Child("metadata");
        var items = json.RootElement.Child("items");
        pass.Version = metadata.Text("resourceVersion") is { Length: > 0 } version
            ? version
            : throw new DependencyException(Dependency.KubernetesApi, $"The list of {target} came without a resourceVersion.");
        if (items.ValueKind is JsonValueKind.Array)
        {
            foreach (var item in items.EnumerateArray())
            {
                Compare(item, rows, pass);
            }
        }

        return metadata.Text("continue");
    }

    private void Compare(JsonElement item, Dictionary<Address, IndexRow> rows, Pass pass)
    {
        var key = ManifestJson.Key(item);
        if (key is { } present)
        {
            pass.Present.Add(new Address(target.Kind, present));
        }

        if (ManifestJson.Read(item, out var problem) is not { } manifest)
        {
            journal.Undecodable(key, problem!);
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
        var retired = rows.Where(r => r.Value.Phase == "Retired").ToDictionary();
        var missing = rows.Keys.Except(retired.Keys).Union(queue.Known(target)).Except(present).ToList();
        foreach (var address in missing)
        {
            queue.OfferListed(address, new Delivery.Ask());
        }

        // A retired row waits to be purged, and no reminder is left to tell its grain when.
        var now = time.GetUtcNow();
        foreach (var (address, _) in retired.Where(r => r.Value.NextDue <= now && !present.Contains(r.Key)))
        {
            queue.OfferListed(address, new Delivery.Wake());
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
