namespace ClusterGrains.Storage;

/// <summary>
/// Opens the storage before any hosted service starts, the silo included, and closes it after all have stopped.
/// </summary>
internal sealed class StorageLifetime(Func<CancellationToken, Task> open, Action close) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => open(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        close();
        return Task.CompletedTask;
    }
}
