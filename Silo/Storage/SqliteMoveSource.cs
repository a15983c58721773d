using Microsoft.Extensions.Options;

namespace ClusterGrains.Storage;

/// <summary>A database file, read under the lock that a silo would take.</summary>
internal sealed class SqliteMoveSource(IOptions<SqliteOptions> options) : IMoveSource, IDisposable
{
    private IDisposable? _lock;

    public string Place => options.Value.Path;

    public Task Open(CancellationToken cancellationToken)
    {
        try
        {
            // A lock would lie beside no file; whoever reads says that there is none.
            _lock ??= File.Exists(Place) ? SqliteLock.Take(Place) : null;
            return Task.CompletedTask;
        }
        catch (Exception failure)
        {
            throw SqliteFailure.Describe(failure, Place);
        }
    }

    /// <summary>Nobody had the lock meanwhile.</summary>
    public Task Confirm(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _lock?.Dispose();
}
