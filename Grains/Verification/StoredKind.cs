using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Status;
using ClusterGrains.Storage;
using Orleans.Storage;

namespace ClusterGrains.Verification;

/// <summary>How the rows of one kind are read without its grain.</summary>
internal abstract class StoredKind(ResourceKind kind)
{
    /// <summary>Every kind there is.</summary>
    public static ImmutableArray<StoredKind> All { get; } =
    [
        new StoredKind<SearchClusterWork>(SearchClusters.Kind, SearchClusterStatus.Document, SearchClusters.Schedule) { RecordsRuns = true },
        new StoredKind<SearchDatasetWork>(SearchDatasets.Kind, SearchDatasetStatus.Document, SearchDatasets.Schedule)
        {
            Dataset = DatasetLedgers.Facts,
        },
    ];

    public ResourceKind Kind => kind;

    /// <summary>The resource of a grain of this kind; a key that is none of ours is all name.</summary>
    public ResourceId Name(string grainId)
    {
        var key = grainId[(Kind.GrainType.Length + 1)..].Split('/', 2);
        return new ResourceId(Kind, key is [var ns, var name] ? new ResourceKey(ns, name) : new ResourceKey("", key[0]));
    }

    /// <summary>The kind of a grain; null for other grains.</summary>
    public static StoredKind? Of(string grainId) =>
        All.FirstOrDefault(kind => grainId.StartsWith(kind.Kind.GrainType + "/", StringComparison.Ordinal));

    /// <summary>What a row of this kind says.</summary>
    /// <param name="json">Knows the state documents.</param>
    public abstract RowFacts Read(StateRow row, IGrainStorageSerializer json, CheckOptions checks);
}

/// <inheritdoc/>
/// <param name="document">The status document of a state.</param>
/// <param name="schedule">The schedule in an accepted spec, stretched to the minimum interval.</param>
internal sealed class StoredKind<TWork>(
    ResourceKind kind, Func<ResourceState<TWork>, JsonObject> document, Func<string, TimeSpan, Schedule?> schedule) : StoredKind(kind)
    where TWork : class, new()
{
    /// <summary>Besides spec and outbox: findings, messages, versions and what else has a bound of its own.</summary>
    private const int MaxRest = 512 * 1024;

    public bool RecordsRuns { get; init; }

    public Func<ResourceState<TWork>, DatasetFacts>? Dataset { get; init; }

    public override RowFacts Read(StateRow row, IGrainStorageSerializer json, CheckOptions checks)
    {
        var facts = new RowFacts { Row = row.Key, Resource = Name(row.Key.GrainId) };
        if (row.Damage is { } columns)
        {
            return facts with { Damage = $"no {columns}" };
        }

        try
        {
            return json.Deserialize<ResourceState<TWork>>(BinaryData.FromString(row.Document)) is { } state
                ? Told(facts, row, state, checks)
                : facts with { Damage = "null" };
        }
        catch (Exception damage)
        {
            return facts with { Damage = damage.Message };
        }
    }

    private RowFacts Told(RowFacts facts, StateRow row, ResourceState<TWork> state, CheckOptions checks)
    {
        var epoch = HistoryObject.Resource(Kind.Name, facts.Resource.Key.Namespace, facts.Resource.Key.Name, state.Uid);
        var accepted = state.Accepted is { } spec ? schedule(spec.Spec, checks.MinimumInterval) : null;
        return facts with
        {
            Uid = state.Uid,
            Phase = state.Phase,
            Stamp = state.Manifest is { } manifest ? Stamp.Of(manifest) : null,
            Revision = state.Revision,
            Period = ResourceReminder.Period(accepted, checks),
            Shown = state.Phase is ResourcePhase.Active ? Encoding.UTF8.GetBytes(StatusText.Write(document(state))) : default,
            Epoch = epoch,
            Line = state.Outbox.Line,
            Seq = state.Outbox.Seq,
            LastDay = state.LastKey is { } last ? HistoryName.Parse(last)?.Day : null,
            Pending = [.. state.Outbox.Entries.Select(entry => Pending(entry, epoch)).OfType<PendingFacts>()],
            Run = state.Run?.RunId,
            LastRun = state.LastRun,
            RecordsRuns = RecordsRuns,
            Spec = state.Accepted?.Spec,
            Dataset = Dataset?.Invoke(state),
            Columns = [.. IndexColumns.Differences(facts.Resource, row, state.Index, state.SchemaVersion)],
            Oversize = [.. Oversize(row, state)],
        };
    }

    /// <summary>One text for all of them: in an outage there are hundreds.</summary>
    private static PendingFacts? Pending(OutboxEntry entry, string epoch) => HistoryName.Parse(entry.Key) is { } name
        ? new PendingFacts(name.Epoch == epoch ? name with { Epoch = epoch } : name, entry.Missing)
        : null;

    private static IEnumerable<SizeFacts> Oversize(StateRow row, ResourceState<TWork> state)
    {
        var outbox = state.Outbox.Size();

        // Updates and tombstones are kept whatever they cost, and so is the newest record with the gap before it.
        var mayBeFolded = state.Outbox.Entries.Count(entry => entry.Record is not (RecordKind.Update or RecordKind.Tombstone)) > 2;
        if (outbox > Outbox.Limit && mayBeFolded)
        {
            yield return new SizeFacts("outbox", Outbox.Limit, outbox);
        }

        // In a document a quote in a spec takes six bytes at most.
        var specs = 6L * ((state.Manifest?.Spec.Length ?? 0) + (state.Accepted?.Spec.Length ?? 0)
            + (state.Manifest?.Annotations.Sum(annotation => annotation.Key.Length + annotation.Value.Length) ?? 0));
        var limit = outbox + specs + MaxRest;
        if (row.Document.Length > limit)
        {
            yield return new SizeFacts("row", limit, row.Document.Length);
        }
    }
}
