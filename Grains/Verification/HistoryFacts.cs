using System.Collections.Immutable;
using ClusterGrains.History;

namespace ClusterGrains.Verification;

/// <summary>What the keys in the history say, gathered key by key. Grows with epochs, holes and runs, not with bytes.</summary>
/// <param name="today">The day of the look.</param>
/// <param name="since">Older records are not looked at; null for all there are.</param>
internal sealed class HistoryFacts(DateOnly today, DateOnly? since)
{
    /// <summary>Nothing expires sooner: docs/history.md forbids what is younger than an outage.</summary>
    private const int LeastRetention = 2;

    private readonly Dictionary<string, EpochFacts> _epochs = new(StringComparer.Ordinal);
    private DateOnly? _oldestCheck;
    private DateOnly? _oldestOther;

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
        Of(name.Epoch).Add(name);
        if (name.Record is RecordKind.Check)
        {
            _oldestCheck = _oldestCheck < name.Day ? _oldestCheck : name.Day;
        }
        else
        {
            _oldestOther = _oldestOther < name.Day ? _oldestOther : name.Day;
        }

        return name;
    }

    /// <summary>What a gap record accounts for.</summary>
    /// <param name="gap">Its own name: the epochs it speaks of are of the same resource.</param>
    public void Explain(HistoryName gap, ImmutableArray<SeqRange> missing)
    {
        foreach (var range in missing)
        {
            Of(gap.EpochOf(range.Uid)).Explained.Add((range, gap.Day));
        }
    }

    /// <summary>
    /// Whether a record of that day may have been taken away by an expiry: it is no younger than the oldest of its sort that is left.
    /// Checks may expire earlier than the others.
    /// </summary>
    public bool MayHaveExpired(DateOnly day) => day < since
        || (day.DayNumber <= today.DayNumber - LeastRetention && (day <= _oldestCheck || day <= _oldestOther));

    private EpochFacts Of(string epoch)
    {
        if (!_epochs.TryGetValue(epoch, out var facts))
        {
            _epochs.Add(epoch, facts = new EpochFacts());
        }

        return facts;
    }
}
