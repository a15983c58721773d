using ClusterGrains.Storage;

namespace ClusterGrains.Tests.Storage;

/// <summary>Holds the writer in its first operation, so that everything sent meanwhile waits together.</summary>
internal sealed class BlockedWriter : IAsyncDisposable
{
    private readonly ManualResetEventSlim _release = new();
    private readonly Task<bool> _blocking;

    private BlockedWriter(SqliteDatabase database, TaskCompletionSource entered) =>
        _blocking = database.Write(
            _ =>
            {
                entered.SetResult();
                return _release.Wait(TimeSpan.FromMinutes(1));
            },
            CancellationToken.None);

    public static async Task<BlockedWriter> Block(SqliteDatabase database)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var blocked = new BlockedWriter(database, entered);
        await entered.Task;
        return blocked;
    }

    public void Release() => _release.Set();

    public async ValueTask DisposeAsync()
    {
        Release();
        Assert.True(await _blocking);
        _release.Dispose();
    }
}
