using Microsoft.Extensions.Logging;

namespace ClusterGrains.Status;

/// <summary>How soon a status that could not be shown is tried again: 0.5 s doubling to 30 s, with jitter.</summary>
internal sealed class StatusPace(TimeProvider time, ILogger<StatusProjector> logger)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public TimeProvider Time => time;

    public ILogger Log => logger;

    /// <param name="failures">In a row; the first, often just an edit in between, is tried again at once.</param>
    /// <param name="offered">Ends the wait: an edit is not held up by what failed before it.</param>
    /// <exception cref="TimeoutException">The wait is over and nothing was offered.</exception>
    public Task Wait(int failures, Task offered, CancellationToken cancellationToken)
    {
        if (failures <= 1)
        {
            return Task.CompletedTask;
        }

        var pause = Math.Min(First.TotalSeconds * Math.Pow(2, Math.Min(failures - 2, 10)), Longest.TotalSeconds);
        return offered.WaitAsync(TimeSpan.FromSeconds(pause * (0.5 + (Random.Shared.NextDouble() / 2))), time, cancellationToken);
    }
}
