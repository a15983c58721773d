namespace ClusterGrains.Datasets.Loading;

/// <summary>
/// Stretches settle in any order; counted is only what has settled without a gap from the beginning on. Bounded: the
/// reader waits while too many stretches are open or too many rejected documents wait to be reported.
/// </summary>
internal sealed class LoadPrefix(LoadJob job, LoadStop stop)
{
    /// <summary>Rejected documents that wait for a checkpoint, beside those of requests under way.</summary>
    public const int MostRejected = 1_000;

    public const long MostRejectedBytes = 4 << 20;

    /// <summary>Stretches behind one that does not settle.</summary>
    public const int MostOpen = 256;

    /// <summary>After how many lines a version that is mostly rejected is given up.</summary>
    public const int Sample = 1_000;

    private const long StepBytes = 64 << 20;

    private readonly Queue<Stretch> _open = new();
    private readonly Lock _lock = new();
    private readonly List<Stretch> _rejected = [];
    private RejectedSize _unreported;
    private RejectedSize _folded;
    private long _foldedBytes;
    private long _seen = job.Counts.Rejected;
    private bool _mostlyRejected;
    private bool _moved;
    private LoadPosition _position = job.From;
    private LoadCounts _counts = job.Counts;
    private TaskCompletionSource? _room;

    /// <summary>Called when a checkpoint is due before its time.</summary>
    public Action Due { get; set; } = () => { };

    /// <summary>Of this load, in order of the source; null when there is none.</summary>
    public RejectedDocument? FirstRejected { get; private set; }

    /// <summary>Waits until the reader may go on.</summary>
    public async Task WaitForRoom(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (_open.Count < MostOpen && !_unreported.IsTooMuch)
                {
                    return;
                }

                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            await room.WaitAsync(cancellationToken);
        }
    }

    /// <summary>In order of the source.</summary>
    public void Open(Stretch stretch)
    {
        lock (_lock)
        {
            _open.Enqueue(stretch);
        }
    }

    public void Settle(Stretch stretch)
    {
        lock (_lock)
        {
            stretch.IsSettled = true;
            _seen += stretch.Rejected.Count;
            _unreported += stretch.Rejected;
            Fold();
        }

        Judge();
    }

    /// <summary>What has settled since the last time; null when nothing has.</summary>
    public LoadProgress? Take()
    {
        LoadProgress progress;
        lock (_lock)
        {
            if (!_moved)
            {
                return null;
            }

            progress = new LoadProgress(_position, _counts, [.. _rejected.SelectMany(stretch => stretch.Rejections)]);
            _unreported -= _folded;
            _folded = default;
            _rejected.Clear();
            (_moved, _foldedBytes) = (false, 0);
            Fold();
        }

        Judge();
        return progress;
    }

    /// <summary>Where it stands when there is nothing to take.</summary>
    public LoadProgress Standing => new(_position, _counts, []);

    private void Fold()
    {
        while (!_folded.IsTooMuch && _open.TryPeek(out var next) && next.IsSettled)
        {
            Count(_open.Dequeue());
        }

        if (_room is not null && _open.Count < MostOpen && !_unreported.IsTooMuch)
        {
            _room.SetResult();
            _room = null;
        }
    }

    private void Count(Stretch stretch)
    {
        if (stretch.Rejected.Count > 0)
        {
            _rejected.Add(stretch);
            _folded += stretch.Rejected;
            FirstRejected ??= stretch.Rejections.First();
        }

        _position = stretch.End;
        _counts = new LoadCounts
        {
            Lines = _counts.Lines + stretch.Lines,
            Acked = _counts.Acked + stretch.Acked,
            Rejected = _counts.Rejected + stretch.Rejected.Count,
            Bytes = _counts.Bytes + stretch.Bytes,
            SourceBytes = Math.Max(_counts.SourceBytes, stretch.SourceBytes),
            Retries = _counts.Retries + stretch.Retries,
        };
        _foldedBytes += stretch.Bytes;
        _moved = true;
        _mostlyRejected |= _counts.Lines == Sample && 2 * _counts.Rejected > Sample;
    }

    // Outside of the lock: whoever waits may go on at once.
    private void Judge()
    {
        bool isDue, isTooMany, isMostly;
        lock (_lock)
        {
            isDue = _foldedBytes >= StepBytes || (_moved && _unreported.IsTooMuch);
            (isTooMany, isMostly) = (_seen > job.MaxRejected, _mostlyRejected);
        }

        if (isTooMany || isMostly)
        {
            stop.Finish(LoadResult.TooManyRejected, isTooMany
                ? $"More than {job.MaxRejected} documents were rejected."
                : $"More than half of the first {Sample} lines were rejected.");
        }

        if (isDue)
        {
            Due();
        }
    }
}

/// <summary>How much rejected documents are.</summary>
/// <param name="Bytes">In memory, about.</param>
internal readonly record struct RejectedSize(int Count, long Bytes)
{
    public bool IsTooMuch => Count >= LoadPrefix.MostRejected || Bytes >= LoadPrefix.MostRejectedBytes;

    public static RejectedSize operator +(RejectedSize left, RejectedSize right) =>
        new(left.Count + right.Count, left.Bytes + right.Bytes);

    public static RejectedSize operator -(RejectedSize left, RejectedSize right) =>
        new(left.Count - right.Count, left.Bytes - right.Bytes);
}
