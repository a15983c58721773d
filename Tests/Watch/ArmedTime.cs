using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Watch;

/// <summary>A clock that stands still, and tells when somebody begins to wait for it.</summary>
internal sealed class ArmedTime() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private readonly Channel<TimeSpan> _armed = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _armed.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Returns once a wait between <paramref name="from"/> and <paramref name="to"/> has begun.</summary>
    public async Task<TimeSpan> Armed(TimeSpan from, TimeSpan to)
    {
        while (true)
        {
            var dueTime = await Await.Soon(_armed.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask());
            if (dueTime >= from && dueTime <= to)
            {
                return dueTime;
            }
        }
    }

    /// <summary>Waits for the pause after a failure to begin, and ends it.</summary>
    public async Task<TimeSpan> EndPause()
    {
        var pause = await Armed(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(9));
        Advance(pause);
        return pause;
    }
}
