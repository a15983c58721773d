using System.Collections.Immutable;
using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Verification;

/// <summary>What the keys in the history say, gathered key by key. Grows with epochs, holes and runs, not with bytes.</summary>
/// <param name="today">The day of the look.</param>
/// <param name="since">Older records are not looked at; null for all there are.</param>
/// <param name="pending">What waits in outboxes, with the number that each has.</param>
internal sealed class HistoryFacts(DateOnly today, DateOnly? since, IEnumerable<PendingFacts> pending)
{
    /// <summary>Nothing expires sooner: docs/history.md forbids what is younger than an outage.</summary>
    private const int LeastRetention = 2;

    private readonly Dictionary<string, EpochFacts> _epochs = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Kind, RecordKind Record), Sort> _sorts = [];
    private readonly ILookup<(string, int, long), HistoryName> _pending =
        pending.Select(entry => entry.Name).ToLookup(name => (name.Epoch, name.Line, name.Seq));

    public IReadOnlyDictionary<string, EpochFacts> Epochs => _epochs;

    public DateOnly? Since => since;

    /// <summary>Objects that were listed.</summary>
    public long Objects { get; private set; }

    /// <returns>What the key says; null for what is no object of ours.</returns>
    public HistoryName? Add(string key)
    {
        if (HistoryName.Parse(key) is not { } name)
        {
            return null;
        }

        Objects++;
        var epoch = Of(name.Epoch);
        epoch.Add(name);
        if (name.IsNumbered && _pending[(name.Epoch, name.Line, name.Seq)].Any(waiting => waiting != name))
        {
            epoch.Twice.Add(name);
        }

        var sort = _sorts.GetValueOrDefault((Kind(name.Epoch), name.Record), new Sort(0, name.Day));
        _sorts[(Kind(name.Epoch), name.Record)] = new Sort(sort.Count + 1, name.Day < sort.Oldest ? name.Day : sort.Oldest);
        return name;
    }

    /// <summary>What a record says that was opened. A gap accounts for numbers of its own resource.</summary>
    public void Open(HistoryName name, string key, HistoryRecord record)
    {
        if (HistoryObject.Key(record) is var own && own != key)
        {
            Spoil(name, own);
        }

        if (name.Record is RecordKind.Check && record.Outcome is not (RunOutcome.Completed or RunOutcome.Interrupted))
        {
            Spoil(name, $"outcome {record.Outcome}");
        }

        Explain(name, record.Missing ?? []);
    }

    /// <summary>A record is not what it must be.</summary>
    public void Spoil(HistoryName name, string seen) => Of(name.Epoch).Wrong.Add((name, seen));

    /// <summary>What a gap record accounts for.</summary>
    public void Explain(HistoryName gap, ImmutableArray<SeqRange> missing)
    {
        foreach (var range in missing)
        {
            Of(gap.EpochOf(range.Uid)).Explained.Add((range, gap.Day));
        }
    }

    /// <summary>
    /// Whether a record of that day may have been taken away by an expiry. The most frequent records expire first, and those that are
    /// left of them tell until when: nothing younger is gone.
    /// </summary>
    public bool MayHaveExpired(string epoch, DateOnly day)
    {
        var sorts = _sorts.Where(sort => sort.Key.Kind == Kind(epoch)).Select(sort => sort.Value).ToList();
        return day < since
            || (sorts.Count > 0 && day.DayNumber <= today.DayNumber - LeastRetention && day <= sorts.MaxBy(sort => sort.Count).Oldest);
    }

    /// <summary>The kind of resource in the history's name of an epoch.</summary>
    private static string Kind(string epoch) => epoch[..Math.Max(0, epoch.IndexOf('.', StringComparison.Ordinal))];

    private EpochFacts Of(string epoch)
    {
        if (!_epochs.TryGetValue(epoch, out var facts))
        {
            _epochs.Add(epoch, facts = new EpochFacts());
        }

        return facts;
    }

    /// <summary>Records of one kind, of resources of one kind.</summary>
    private readonly record struct Sort(long Count, DateOnly Oldest);
}
