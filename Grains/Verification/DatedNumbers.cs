namespace ClusterGrains.Verification;

/// <summary>Numbers of one line of one epoch, kept as stretches: a long unbroken history costs as much as one record.</summary>
internal sealed class DatedNumbers
{
    private readonly List<Stretch> _stretches;

    public DatedNumbers() => _stretches = [];

    private DatedNumbers(IEnumerable<Stretch> stretches) => _stretches = [.. stretches];

    /// <summary>0 when there is none.</summary>
    public long Last => _stretches.Count == 0 ? 0 : _stretches[^1].To;

    public DatedNumbers Copy() => new(_stretches);

    public bool Contains(long number) => At(number) is var at && at < _stretches.Count && _stretches[at].From <= number;

    /// <summary>False when it was there before.</summary>
    /// <param name="day">Of its record; tells later how old a hole before it is.</param>
    public bool Add(long number, DateOnly day)
    {
        if (Contains(number))
        {
            return false;
        }

        Cover(number, number, day);
        return true;
    }

    /// <summary>Both ends included.</summary>
    public void Cover(long from, long to, DateOnly day)
    {
        var first = At(from - 1);
        var (end, merged) = (first, new Stretch(from, to, day));
        for (; end < _stretches.Count && _stretches[end].From <= to + 1; end++)
        {
            var known = _stretches[end];
            merged = new Stretch(
                Math.Min(known.From, merged.From), Math.Max(known.To, merged.To), known.From <= merged.From ? known.Day : merged.Day);
        }

        _stretches.RemoveRange(first, end - first);
        _stretches.Insert(first, merged);
    }

    /// <summary>What is missing of 1 to <paramref name="top"/>.</summary>
    /// <param name="topDay">Of the record <paramref name="top"/>.</param>
    public IEnumerable<Hole> Holes(long top, DateOnly topDay)
    {
        var next = 1L;
        foreach (var stretch in _stretches)
        {
            if (stretch.From > next && next <= top)
            {
                yield return new Hole(next, Math.Min(stretch.From - 1, top), stretch.Day);
            }

            next = stretch.To + 1;
        }

        if (next <= top)
        {
            yield return new Hole(next, top, topDay);
        }
    }

    /// <summary>The first stretch that ends at a number or behind it.</summary>
    private int At(long number)
    {
        var (low, high) = (0, _stretches.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _stretches[middle].To < number ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <param name="Day">Of the record <paramref name="From"/>.</param>
    private readonly record struct Stretch(long From, long To, DateOnly Day);
}

/// <summary>Numbers that are not there, both ends included.</summary>
/// <param name="Before">The day of the next record that is there: theirs was the same or an earlier one.</param>
internal readonly record struct Hole(long From, long To, DateOnly Before)
{
    public override string ToString() => From == To ? $"{From}" : $"{From} to {To}";
}
