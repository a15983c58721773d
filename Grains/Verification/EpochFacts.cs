using ClusterGrains.History;

namespace ClusterGrains.Verification;

/// <summary>What the history holds of one epoch.</summary>
internal sealed class EpochFacts
{
    private readonly SortedDictionary<int, SeqSet> _lines = [];
    private readonly Dictionary<int, DateTime> _began = [];
    private readonly Dictionary<Ulid, int> _checks = [];
    private readonly Dictionary<Ulid, int> _updates = [];
    private readonly Dictionary<string, DateTime> _plans = new(StringComparer.Ordinal);

    /// <summary>The numbers that are there, by line.</summary>
    public IReadOnlyDictionary<int, SeqSet> Lines => _lines;

    /// <summary>When the first record of the newest line was made.</summary>
    public DateTime NewestLineBegan => _began[_lines.Keys.Max()];

    public List<(SeqRange Range, DateOnly Day)> Explained { get; } = [];

    public List<(int Line, long Seq)> Tombstones { get; } = [];

    /// <summary>Objects whose number another one has as well.</summary>
    public List<HistoryName> Twice { get; } = [];

    /// <summary>
    /// Records of a run, or of a version, that has another one of that kind in the same line as well. Across lines it may: a restored
    /// store ends anew what the lost one had ended.
    /// </summary>
    public List<HistoryName> ToldTwice { get; } = [];

    /// <summary>Records that were opened and say something else than they must, and what.</summary>
    public List<(HistoryName Name, string Seen)> Wrong { get; } = [];

    /// <summary>Runs that planned a version, and when it was begun.</summary>
    public IReadOnlyDictionary<string, DateTime> Plans => _plans;

    public void Add(HistoryName name)
    {
        if (name.IsNumbered)
        {
            Count(name);
        }
        else if (name.Record is RecordKind.Plan)
        {
            _plans[name.Run] = name.At;
        }
    }

    public bool HasCheckOf(string run) => _checks.ContainsKey(Id(run));

    public bool HasUpdateOf(string run) => _updates.ContainsKey(Id(run));

    private void Count(HistoryName name)
    {
        if (!_lines.TryGetValue(name.Line, out var line))
        {
            _lines.Add(name.Line, line = new SeqSet());
            _began.Add(name.Line, name.At);
        }

        _began[name.Line] = name.At < _began[name.Line] ? name.At : _began[name.Line];
        if (!line.Add(name.Seq, name.Day))
        {
            Twice.Add(name);
        }

        if (name.Record is RecordKind.Tombstone)
        {
            Tombstones.Add((name.Line, name.Seq));
        }

        var told = name.Record switch
        {
            RecordKind.Check => _checks,
            RecordKind.Update => _updates,
            _ => null,
        };
        if (told?.TryAdd(Id(name.Run), name.Line) == false)
        {
            TellTwice(name, told);
        }
    }

    private void TellTwice(HistoryName name, Dictionary<Ulid, int> told)
    {
        var run = Id(name.Run);
        if (told[run] == name.Line)
        {
            ToldTwice.Add(name);
        }

        told[run] = Math.Max(told[run], name.Line);
    }

    /// <summary>A text of 26 characters costs a hundred bytes, and there is one for each check.</summary>
    private static Ulid Id(string run) => Ulid.TryParse(run, out var id)
        ? id
        : new Ulid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(run)).AsSpan(0, 16));
}
