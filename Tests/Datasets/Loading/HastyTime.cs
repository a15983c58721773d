namespace ClusterGrains.Tests.Datasets.Loading;

/// <summary>Every wait is over at once, and takes as long as it was asked to. Nothing repeats.</summary>
/// <param name="moves">Whether the clock moves by what was waited for.</param>
internal sealed class HastyTime(bool moves = false) : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period == Timeout.InfiniteTimeSpan)
        {
            Interlocked.Add(ref _ticks, moves ? dueTime.Ticks : 0);
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }

        return new Once();
    }

    private sealed class Once : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
