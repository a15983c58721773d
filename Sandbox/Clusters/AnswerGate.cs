namespace ClusterGrains.Sandbox.Clusters;

/// <summary>Holds a pretend cluster's answers, so that a test can act while a request is under way.</summary>
internal sealed class AnswerGate(string? path) : IDisposable
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first request waits at the gate.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Lets everybody pass, now and from now on.</summary>
    public void Dispose() => _released.TrySetResult();

    internal async Task Pass(string requestPath, CancellationToken cancellationToken)
    {
        if (path is not null && path != requestPath)
        {
            return;
        }

        _arrived.TrySetResult();
        await _released.Task.WaitAsync(cancellationToken);
    }
}
