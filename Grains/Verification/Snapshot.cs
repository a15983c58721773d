using System.Collections.Immutable;
using ClusterGrains.Resources;

namespace ClusterGrains.Verification;

/// <summary>
/// What was seen in one look at everything that ClusterGrains keeps and shows. Null is what nobody could look at; it is then
/// no reason for a violation.
/// </summary>
internal sealed class Snapshot
{
    private IReadOnlyDictionary<ResourceId, RowFacts>? _byResource;
    private IReadOnlyDictionary<string, RowFacts>? _byEpoch;
    private ILookup<string, PendingFacts>? _pending;

    public required ImmutableArray<RowFacts> Rows { get; init; }

    public required ImmutableArray<ReminderFacts> Reminders { get; init; }

    /// <summary>By name; a kind that could not be listed is not in <see cref="Listed"/>.</summary>
    public IReadOnlyDictionary<ResourceId, LiveFacts> Live { get; init; } = new Dictionary<ResourceId, LiveFacts>();

    /// <summary>Whether all resources of that kind and namespace were listed.</summary>
    public Func<ResourceId, bool> Listed { get; init; } = _ => true;

    public HistoryFacts? History { get; init; }

    /// <summary>
    /// The counters of rows that had been left behind by their history, read once more after it: by resource, the epoch and the last
    /// number of its line.
    /// </summary>
    public IReadOnlyDictionary<ResourceId, (string Epoch, int Line, long Seq)> Later { get; init; } =
        new Dictionary<ResourceId, (string, int, long)>();

    public IReadOnlyDictionary<ResourceId, AliasFacts> Aliases { get; init; } = new Dictionary<ResourceId, AliasFacts>();

    /// <summary>Runs that are known, by whatever means, to have been opened.</summary>
    public IReadOnlyCollection<string> Opened { get; init; } = [];

    /// <summary>Rows that can be read, by resource; of several for one resource the first.</summary>
    public IReadOnlyDictionary<ResourceId, RowFacts> ByResource =>
        _byResource ??= Rows.Where(row => row.Damage is null).DistinctBy(row => row.Resource).ToDictionary(row => row.Resource);

    /// <summary>Rows by the epoch that they are of.</summary>
    public IReadOnlyDictionary<string, RowFacts> ByEpoch => _byEpoch ??= Rows
        .Where(row => row is { Damage: null, Phase: not ResourcePhase.None })
        .DistinctBy(row => row.Epoch)
        .ToDictionary(row => row.Epoch, StringComparer.Ordinal);

    /// <summary>What waits in outboxes, by the epoch that it is of.</summary>
    public ILookup<string, PendingFacts> Pending =>
        _pending ??= Rows.SelectMany(row => row.Pending).ToLookup(entry => entry.Name.Epoch, StringComparer.Ordinal);

    /// <summary>How a violation calls an epoch: by its resource, if that still is of it.</summary>
    public string Who(string epoch) => ByEpoch.GetValueOrDefault(epoch)?.Resource.ToString() ?? epoch;
}
