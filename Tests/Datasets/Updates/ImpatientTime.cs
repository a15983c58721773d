namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>A clock that jumps over every pause somebody makes.</summary>
internal sealed class ImpatientTime : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 18, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeSpan.Zero)
        {
            Now += dueTime;
            ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);
        }

        return new Done();
    }

    private sealed class Done : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
