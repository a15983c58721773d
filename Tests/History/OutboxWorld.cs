using ClusterGrains.History;

namespace ClusterGrains.Tests.History;

/// <summary>One resource whose store comes and goes: what was numbered, what is stored, what is still pending.</summary>
internal sealed class OutboxWorld
{
    private readonly Dictionary<(string Uid, int Line), long> _issued = [];
    private readonly List<OutboxEntry> _stored = [];
    private Outbox _outbox = new();
    private int _epoch;
    private int _tombstones;

    private string Uid => $"uid-{_epoch}";

    public void Step(int step, bool answersAreLost)
    {
        switch (step)
        {
            case < 80:
                Add(Records.Check(Uid, bulk: step * 150, seed: step));
                break;
            case < 88:
                Add(Records.Transition(Uid));
                break;
            case < 96 when !_outbox.Entries.IsEmpty:
                Deliver(answersAreLost && step % 2 == 0);
                break;
            case 97:
                _outbox = _outbox.NextLine(Uid);
                break;
            case >= 98:
                Add(Records.Tombstone(Uid));
                _tombstones++;
                _outbox = _outbox.NextEpoch(Uid, $"uid-{_epoch + 1}");
                _epoch++;
                break;
        }
    }

    public void Verify(bool exactly)
    {
        var known = _stored.Concat(_outbox.Entries).DistinctBy(e => e.Key).ToList();
        var held = known.Select(e => (e.Uid, e.Line, e.Seq)).ToHashSet();
        var listed = known.SelectMany(e => e.Missing)
            .SelectMany(r => Numbers(r.FromSeq, r.ToSeq).Select(seq => (r.Uid, r.Line, Seq: seq)))
            .CountBy(number => number).ToDictionary();

        foreach (var number in _issued.SelectMany(l => Numbers(1, l.Value).Select(seq => (l.Key.Uid, l.Key.Line, seq))))
        {
            var times = (held.Contains(number) ? 1 : 0) + listed.GetValueOrDefault(number);
            Assert.True(exactly ? times == 1 : times >= 1, $"{number} is accounted for {times} times.");
        }

        Assert.Equal(_tombstones, known.Count(e => e.Record is RecordKind.Tombstone));
        Assert.InRange(_outbox.Size(), 0, Outbox.Limit + (_tombstones * 1024));
    }

    private void Add(HistoryRecord record)
    {
        _outbox = _outbox.Add(record);
        _issued[(Uid, _outbox.Line)] = _outbox.Seq;
    }

    private void Deliver(bool answerIsLost)
    {
        var oldest = _outbox.Entries[0];
        _stored.Add(oldest);
        _outbox = answerIsLost ? _outbox : _outbox.Without(oldest.Key);
    }

    private static IEnumerable<long> Numbers(long from, long to)
    {
        for (var seq = from; seq <= to; seq++)
        {
            yield return seq;
        }
    }
}
