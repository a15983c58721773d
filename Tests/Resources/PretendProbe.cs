using ClusterGrains.Clusters;

namespace ClusterGrains.Tests.Resources;

/// <summary>Answers checks as the test says, and can hold them until it lets go.</summary>
internal sealed class PretendProbe : IClusterProbe
{
    private int _asked;
    private TaskCompletionSource? _gate;

    public Signal Signal { get; } = new();

    public ClusterFacts Facts { get; set; } = null!;

    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Whether a check that is held does not heed its token, as a fault far below might.</summary>
    public bool Deaf { get; set; }

    public void Hold() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => Interlocked.Exchange(ref _gate, null)?.SetResult();

    /// <summary>Waits until the given number of checks has begun since the start.</summary>
    public Task Begun(int count) => Signal.Await(() => Asked >= count ? this : null, $"{count} checks begun; {Asked} did");

    public async Task<ClusterFacts> Probe(
        string resourceNamespace, SearchClusterSpec spec, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        Signal.Changed();
        if (_gate is { } gate)
        {
            await gate.Task.WaitAsync(Deaf ? CancellationToken.None : cancellationToken);
        }

        return Facts;
    }
}
