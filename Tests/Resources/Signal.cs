namespace ClusterGrains.Tests.Resources;

/// <summary>Lets a test await an effect instead of sleeping: every change wakes those whose condition now holds.</summary>
internal sealed class Signal
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = New();

    public void Changed()
    {
        lock (_gate)
        {
            _changed.SetResult();
            _changed = New();
        }
    }

    /// <summary>The first non-null answer; asked again after each change.</summary>
    public async Task<T> Await<T>(Func<T?> look, string what)
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Guard);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (look() is { } found)
            {
                return found;
            }

            try
            {
                await changed.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Did not see: {what}");
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
