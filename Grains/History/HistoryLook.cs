using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.History;

/// <summary>
/// One look at what is stored of some lines, day by day. Keeps a few ranges of each line and nothing of what is not asked
/// about, however much there is.
/// </summary>
internal sealed class HistoryLook
{
    private const int Concurrency = 8;

    /// <summary>Of so few resources only their own folders are listed.</summary>
    private const int Few = 20;

    private static readonly RecordKind[] Numbered =
        [RecordKind.Check, RecordKind.Update, RecordKind.Transition, RecordKind.Tombstone, RecordKind.Gap];

    private readonly IHistoryReader _reader;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<int, SeqSet>> _lines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HistoryMark> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<int, SeqSet>>.AlternateLookup<ReadOnlySpan<char>> _byKey;
    private DateOnly? _firstCheck;
    private DateOnly? _firstOfAny;

    public HistoryLook(IHistoryReader reader, IEnumerable<HistoryMark> marks, ILogger logger)
    {
        (_reader, _logger) = (reader, logger);
        _byKey = _lines.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var mark in marks)
        {
            _owners.TryAdd(mark.Resource, mark);
            if (!_lines.TryGetValue(mark.Resource, out var lines))
            {
                _lines.Add(mark.Resource, lines = []);
            }

            if (!lines.TryGetValue(mark.Line, out var numbers))
            {
                lines.Add(mark.Line, numbers = new SeqSet());
            }

            foreach (var waiting in mark.Waiting)
            {
                numbers.Add(waiting.FromSeq, waiting.ToSeq, default);
            }
        }
    }

    /// <summary>
    /// The first day with checks, which are many; where there are none, with anything. Null for nothing at all.
    /// </summary>
    public DateOnly? FirstDay => _firstCheck ?? _firstOfAny;

    /// <exception cref="DependencyException">The store did not answer everything.</exception>
    public async Task Take(DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        var listings =
            from kind in Numbered
            from day in Days(kind is RecordKind.Gap ? first.AddDays(-1) : first, last)
            from folder in Folders(kind, day)
            select (kind, day, folder);
        await Parallel.ForEachAsync(
            listings,
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken },
            async (listing, token) => await List(listing.kind, listing.day, listing.folder, token));
    }

    /// <summary>The numbers of a line that are neither stored nor waiting nor in a gap, of those given on these days.</summary>
    public IEnumerable<SeqRange> Lacking(HistoryMark mark, DateOnly first, DateOnly last) =>
        from given in mark.Given(first, last)
        from lacking in _lines[mark.Resource][mark.Line].Lacking(given.From, given.To, last)
        select new SeqRange(mark.Uid, mark.Line, lacking.From, lacking.To);

    private static IEnumerable<DateOnly> Days(DateOnly first, DateOnly last)
    {
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            yield return day;
        }
    }

    private IEnumerable<string> Folders(RecordKind kind, DateOnly day)
    {
        var folder = HistoryObject.Folder(kind, day);

        // With nobody to ask about, that the store can be listed is known all the same.
        return _lines.Count is 0 or > Few ? [folder] : _lines.Keys.Select(resource => $"{folder}resource={resource}/");
    }

    private async Task List(RecordKind kind, DateOnly day, string folder, CancellationToken cancellationToken)
    {
        string? continuation = null;
        do
        {
            var page = await _reader.List(folder, continuation, cancellationToken);
            foreach (var (key, owner) in Note(kind, day, page))
            {
                await Explain(key, owner, cancellationToken);
            }

            continuation = page.Continuation;
        }
        while (continuation is not null);
    }

    /// <returns>The gaps of resources that are asked about.</returns>
    private List<(string Key, HistoryMark Owner)> Note(RecordKind kind, DateOnly day, HistoryPage page)
    {
        var gaps = new List<(string Key, HistoryMark Owner)>();
        lock (_gate)
        {
            foreach (var key in page.Keys)
            {
                if (!HistoryKey.TryParse(key, out var parsed) || !parsed.IsNumbered)
                {
                    continue;
                }

                _firstOfAny = Earlier(_firstOfAny, day);
                _firstCheck = kind is RecordKind.Check ? Earlier(_firstCheck, day) : _firstCheck;
                if (!_byKey.TryGetValue(parsed.Resource, out var lines))
                {
                    continue;
                }

                if (lines.TryGetValue(parsed.Line, out var numbers))
                {
                    numbers.Add(parsed.Seq, day);
                }

                if (kind is RecordKind.Gap)
                {
                    gaps.Add((key, _owners[parsed.Resource.ToString()]));
                }
            }
        }

        return gaps;
    }

    /// <summary>What a gap lists is accounted for, also of an epoch before that of its own resource.</summary>
    private async Task Explain(string key, HistoryMark owner, CancellationToken cancellationToken)
    {
        if (await _reader.Read(key, cancellationToken) is not { } body)
        {
            return;
        }

        try
        {
            var missing = HistoryObject.Open(body).Missing ?? [];
            lock (_gate)
            {
                foreach (var range in missing)
                {
                    if (_lines.TryGetValue(owner.ResourceOf(range.Uid), out var lines) && lines.TryGetValue(range.Line, out var numbers))
                    {
                        numbers.Add(range.FromSeq, range.ToSeq, default);
                    }
                }
            }
        }
        catch (Exception damage) when (damage is JsonException or InvalidDataException)
        {
            _logger.GapUnreadable(key, damage.Message);
        }
    }

    private static DateOnly Earlier(DateOnly? known, DateOnly day) => known < day ? known.Value : day;
}
