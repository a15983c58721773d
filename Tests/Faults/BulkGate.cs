using ClusterGrains.Sandbox.Clusters;

namespace ClusterGrains.Tests.Faults;

/// <summary>Holds a dataset's bulk requests before they have any effect, so that a test acts in the middle of a load.</summary>
internal sealed class BulkGate : IDisposable
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _passing;
    private readonly IDisposable _intervention;

    /// <param name="passing">How many pass before.</param>
    /// <param name="attempt">Only those of this attempt; all when not given.</param>
    public BulkGate(PretendCluster cluster, string dataset, int passing = 2, int? attempt = null)
    {
        _passing = new SemaphoreSlim(passing);
        _intervention = cluster.Interventions.Add(request =>
            request.Bulk > 0 && request.Path.StartsWith($"/{dataset}-", StringComparison.Ordinal)
            && request.Path.EndsWith($"{attempt}/_bulk", StringComparison.Ordinal)
                ? new Intervention { Before = Wait }
                : null);
    }

    /// <summary>Completes when the first one waits; documents before it have arrived, others have not.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Lets some more pass.</summary>
    public void LetPass(int more) => _passing.Release(more);

    /// <summary>Lets everybody pass, now and from now on.</summary>
    public void Dispose()
    {
        _intervention.Dispose();
        _passing.Release(1000);
    }

    private async Task Wait(CancellationToken cancellationToken)
    {
        if (!_passing.Wait(0, CancellationToken.None))
        {
            _arrived.TrySetResult();
            await _passing.WaitAsync(cancellationToken);
        }
    }
}
