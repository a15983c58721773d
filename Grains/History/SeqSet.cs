namespace ClusterGrains.History;

/// <summary>
/// Numbers of one line, kept as ranges: nearly all of them touch, so that a year of checks costs as much as one.
/// </summary>
internal sealed class SeqSet
{
    private readonly List<Range> _ranges;

    public SeqSet() => _ranges = [];

    private SeqSet(IEnumerable<Range> ranges) => _ranges = [.. ranges];

    /// <summary>Of the ranges that the numbers make.</summary>
    public int Ranges => _ranges.Count;

    /// <summary>0 when there is none.</summary>
    public long Last => _ranges.Count == 0 ? 0 : _ranges[^1].To;

    public SeqSet Copy() => new(_ranges);

    public bool Contains(long number) =>
        FirstEndingAtOrAfter(number) is var at && at < _ranges.Count && _ranges[at].From <= number;

    /// <param name="day">Of its record; tells later how old a hole before it is.</param>
    /// <returns>False when it was there before.</returns>
    public bool Add(long number, DateOnly day)
    {
        if (Contains(number))
        {
            return false;
        }

        Add(number, number, day);
        return true;
    }

    /// <summary>Both ends included.</summary>
    public void Add(long from, long to, DateOnly day)
    {
        // The first range that could touch; new numbers mostly come behind all others.
        var first = FirstEndingAtOrAfter(from - 1);
        var (end, merged) = (first, new Range(from, to, day));
        for (; end < _ranges.Count && _ranges[end].From <= to + 1; end++)
        {
            var known = _ranges[end];
            merged = new Range(
                Math.Min(known.From, merged.From), Math.Max(known.To, merged.To), known.From <= merged.From ? known.Day : merged.Day);
        }

        if (end == first)
        {
            _ranges.Insert(first, merged);
            return;
        }

        _ranges[first] = merged;
        _ranges.RemoveRange(first + 1, end - first - 1);
    }

    /// <summary>What is not in the set of the numbers from <paramref name="from"/> to <paramref name="to"/>.</summary>
    /// <param name="day">Of what comes behind <paramref name="to"/>.</param>
    public IEnumerable<Hole> Lacking(long from, long to, DateOnly day)
    {
        for (var i = FirstEndingAtOrAfter(from); i < _ranges.Count && from <= to; i++)
        {
            if (_ranges[i].From > from)
            {
                yield return new Hole(from, Math.Min(to, _ranges[i].From - 1), _ranges[i].Day);
            }

            from = _ranges[i].To + 1;
        }

        if (from <= to)
        {
            yield return new Hole(from, to, day);
        }
    }

    private int FirstEndingAtOrAfter(long number)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _ranges[middle].To < number ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <param name="Day">Of the record <paramref name="From"/>.</param>
    private readonly record struct Range(long From, long To, DateOnly Day);
}

/// <summary>Numbers that are not there, both ends included.</summary>
/// <param name="Before">The day of the next record that is there: theirs was the same or an earlier one.</param>
internal readonly record struct Hole(long From, long To, DateOnly Before)
{
    public override string ToString() => From == To ? $"{From}" : $"{From} to {To}";
}
