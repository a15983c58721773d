using System.Text;
using ClusterGrains.Datasets;
using ClusterGrains.Datasets.Loading;

namespace ClusterGrains.Tests.Datasets.Loading;

/// <summary>
/// Files with all kinds of lines, a cluster in all kinds of moods and a store for checkpoints, in which loads are broken
/// off and taken up again until one ends.
/// </summary>
internal sealed class LoadWorld : IAsyncDisposable
{
    private readonly Random _random;
    private readonly int _crashes;
    private readonly int _largestBody;
    private readonly MemorySource _source;
    private readonly BulkIndex _index;
    private readonly Dictionary<string, string> _expected = new(StringComparer.Ordinal);
    private readonly HashSet<(string, long)> _poison = [];
    private readonly Dictionary<string, List<string?>> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, long), RejectedDocument> _rejected = [];
    private LoadPosition _position = new(0, 0, 0);
    private LoadCounts _counts = new();
    private int _lines;
    private int _crashed;
    private CancellationTokenSource _process = new();

    public LoadWorld(int seed, int files, int lines, int crashes)
    {
        _random = new Random(seed);
        _crashes = crashes;
        _largestBody = _random.Next(300, 5_000);
        _source = new MemorySource(
            _random.Next(1, 9_000), [.. Enumerable.Range(0, files).Select(file => ($"part-{file}", Text($"part-{file}", _random.Next(lines + 1))))]);
        _index = new BulkIndex { Answer = Answer };
    }

    public async Task Check()
    {
        LoadEnd? end = null;
        while (end is null)
        {
            _process.Dispose();
            _process = new CancellationTokenSource();
            end = await Attempt();
        }

        Assert.Equal(LoadResult.Done, end.Result);
        Assert.Equal(_expected.OrderBy(one => one.Key), _index.Documents.OrderBy(one => one.Key));
        Assert.Equal(_poison.Order(), _rejected.Keys.Order());
        Assert.Equal(end.Counts, _counts);
        Assert.Equal((_lines, _expected.Count, _poison.Count), ((int)_counts.Lines, (int)_counts.Acked, (int)_counts.Rejected));
        Assert.Equal(_source.Version.Bytes, _counts.Bytes);
        Assert.Equal(_source.Version.Bytes, _counts.SourceBytes);
        Assert.Equal(new LoadPosition(_source.Version.Files.Length, 0, 0), _position);
        Assert.Equal((0, 0), (_source.Open, _index.UnderWay));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Dispose();
        await _index.DisposeAsync();
        await _source.DisposeAsync();
    }

    private async Task<LoadEnd?> Attempt()
    {
        var job = new LoadJob
        {
            Source = _source,
            Version = _source.Version,
            Index = _index,
            Alias = "a",
            Limits = new LoadSpec { BatchBytes = new(4_000), Workers = 3 },
            IdField = "id",
            MaxRejected = long.MaxValue,
            From = _position,
            Counts = _counts,
            Checkpoint = Checkpoint,
        };
        try
        {
            return await new Loader(new HastyTime()).Load(job, _process.Token);
        }
        catch (Exception crash) when (crash is OperationCanceledException or InvalidOperationException { Message: "crash" })
        {
            return null;
        }
    }

    private async Task Checkpoint(LoadProgress progress, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Crash(20);
        foreach (var document in progress.Rejected)
        {
            _rejected[(document.File, document.Line)] = document;
        }

        AssertSettled(progress.Position);
        (_position, _counts) = (progress.Position, progress.Counts);
        Crash(20);
    }

    /// <summary>Nothing before the position may be open.</summary>
    private void AssertSettled(LoadPosition position)
    {
        for (var file = 0; file <= position.File && file < _source.Version.Files.Length; file++)
        {
            var name = _source.Version.Files[file].Name;
            var done = file < position.File ? _ids[name].Count : (int)position.Line;
            for (var line = 0; line < done; line++)
            {
                Assert.True(
                    _poison.Contains((name, line + 1)) ? _rejected.ContainsKey((name, line + 1))
                        : _ids[name][line] is not { } id || _index.Documents.ContainsKey(id),
                    $"{name}:{line + 1} is open at {position}");
            }
        }
    }

    private async Task<BulkAnswer?> Answer(int request, IReadOnlyList<BulkDocument> documents)
    {
        var (mood, yields) = (Next(100), Next(6));
        for (var turn = 0; turn < yields; turn++)
        {
            await Task.Yield();
        }

        if (_crashed < _crashes && Next(40) == 0)
        {
            Interlocked.Increment(ref _crashed);
            await _process.CancelAsync();
        }

        if (mood < 10)
        {
            return new BulkAnswer(BulkResult.Busy, [], mood < 5 ? TimeSpan.FromSeconds(1) : null, "429");
        }

        if (documents.Count > 1 && documents.Sum(one => one.Text.Length) > _largestBody)
        {
            return new BulkAnswer(BulkResult.TooLarge, [], Reason: "413");
        }

        var busy = mood < 40 ? 3 : int.MaxValue;
        return LoadTrial.Failed(
        [
            .. documents.Index().Where(one => Poisonous(one.Item) || (busy < int.MaxValue && Next(busy) == 0))
                .Select(one => Poisonous(one.Item) ? LoadTrial.Poison(one.Index) : LoadTrial.Busy(one.Index)),
        ]);
    }

    private static bool Poisonous(BulkDocument document) => document.Text.Contains("poison", StringComparison.Ordinal);

    private void Crash(int chance)
    {
        if (_crashed < _crashes && Next(chance) == 0)
        {
            Interlocked.Increment(ref _crashed);
            throw new InvalidOperationException("crash");
        }
    }

    private int Next(int below)
    {
        lock (_random)
        {
            return _random.Next(below);
        }
    }

    private byte[] Text(string file, int lines)
    {
        var text = new StringBuilder(_random.Next(4) == 0 ? "\uFEFF" : "");
        var ids = _ids[file] = [];
        for (var line = 1; line <= lines; line++)
        {
            text.Append(Line(file, line, ids));
            if (line < lines || _random.Next(2) == 0 || ids[^1] is null)
            {
                text.Append(_random.Next(3) == 0 ? "\r\n" : "\n");
            }
        }

        _lines += lines == 0 && text.Length > 0 ? 1 : lines;
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private string Line(string file, int line, List<string?> ids)
    {
        var kind = _random.Next(20);
        var id = $"{file}ü{line}";
        ids.Add(kind > 2 ? id : null);
        var document = $"{{ \"id\":\"{id}\",\"t\":\"{new string('é', _random.Next(_random.Next(8) == 0 ? 600 : 30))}\"{(kind == 3 ? ",\"x\":\"poison\"" : "")}}}";
        switch (kind)
        {
            case 0:
                return "";
            case 1:
                _poison.Add((file, line));
                return document[..^1];
            case 2:
                _poison.Add((file, line));
                return $"{{\"id\":\"{id}\",\"t\":\"{new string('x', _random.Next(3_950, 20_000))}\"}}";
            case 3:
                _poison.Add((file, line));
                return document;
            default:
                _expected.Add(id, document);
                return document;
        }
    }
}
