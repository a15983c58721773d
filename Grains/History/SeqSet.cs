namespace ClusterGrains.History;

/// <summary>
/// Numbers of one line, kept as ranges: nearly all of them touch, so that a year of checks costs as much as one.
/// </summary>
internal sealed class SeqSet
{
    private readonly List<(long From, long To)> _ranges = [];

    /// <summary>Of the ranges that the numbers make.</summary>
    public int Ranges => _ranges.Count;

    public void Add(long from, long to)
    {
        // The first range that could touch; new numbers mostly come behind all others.
        var first = FirstEndingAtOrAfter(from - 1);
        var end = first;
        for (; end < _ranges.Count && _ranges[end].From <= to + 1; end++)
        {
            from = Math.Min(from, _ranges[end].From);
            to = Math.Max(to, _ranges[end].To);
        }

        if (end == first)
        {
            _ranges.Insert(first, (from, to));
            return;
        }

        _ranges[first] = (from, to);
        _ranges.RemoveRange(first + 1, end - first - 1);
    }

    /// <summary>What is not in the set of the numbers from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public IEnumerable<(long From, long To)> Lacking(long from, long to)
    {
        for (var i = FirstEndingAtOrAfter(from); i < _ranges.Count && _ranges[i].From <= to; i++)
        {
            if (_ranges[i].From > from)
            {
                yield return (from, _ranges[i].From - 1);
            }

            from = _ranges[i].To + 1;
        }

        if (from <= to)
        {
            yield return (from, to);
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
}
