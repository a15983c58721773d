using ClusterGrains.History;
using ClusterGrains.Tests.History;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>Where the silos of a fleet put history.</summary>
internal abstract class FleetHistory : IAsyncDisposable
{
    /// <summary>As the silos are told it.</summary>
    public abstract HistoryOptions Options { get; }

    public abstract SmallDisk Disk { get; }

    public bool IsStopped { get; private set; }

    public bool IsWell => !IsStopped && !Disk.IsFull;

    public async Task<string> Stop(CancellationToken cancellationToken)
    {
        await Close(cancellationToken);
        IsStopped = true;
        return "";
    }

    public async Task<string> Start(CancellationToken cancellationToken)
    {
        await Open(cancellationToken);
        IsStopped = false;
        return "";
    }

    /// <summary>All records that are there.</summary>
    public abstract Task<IReadOnlyList<HistoryRecord>> Records(CancellationToken cancellationToken);

    /// <summary>The first eight characters of the uids that have records and no tombstone.</summary>
    public abstract Task<IReadOnlySet<string>> Unburied(CancellationToken cancellationToken);

    public virtual ValueTask DisposeAsync()
    {
        Disk.Dispose();
        return ValueTask.CompletedTask;
    }

    protected abstract Task Close(CancellationToken cancellationToken);

    protected abstract Task Open(CancellationToken cancellationToken);
}

/// <summary>In a folder. While it is stopped a file has the folder's name.</summary>
internal sealed class FolderHistory(string folder, int mebibytes) : FleetHistory
{
    public override HistoryOptions Options { get; } = new() { Uri = $"file://{Path.Combine(folder, "history")}" };

    public override SmallDisk Disk { get; } = SmallDisk.Create(folder, mebibytes);

    private string History => Path.Combine(folder, "history");

    private string All => Path.Combine(History, "v1", "history");

    private string Away => Path.Combine(folder, "history.away");

    public override Task<IReadOnlyList<HistoryRecord>> Records(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<HistoryRecord>>(Directory.Exists(All)
            ? [.. Directory.EnumerateFiles(All, "*.json.gz", SearchOption.AllDirectories)
                .Where(S3Server.IsRecord).Select(file => HistoryObject.Open(File.ReadAllBytes(file)))]
            : []);

    public override Task<IReadOnlySet<string>> Unburied(CancellationToken cancellationToken)
    {
        var uids = Epochs("*");
        uids.ExceptWith(Epochs("record=tombstone"));
        return Task.FromResult<IReadOnlySet<string>>(uids);
    }

    protected override Task Close(CancellationToken cancellationToken)
    {
        if (!IsStopped)
        {
            Directory.CreateDirectory(History);
            Directory.Move(History, Away);
            // A silo that is writing may make the folder anew; what it wrote there belongs to the rest.
            while (!TryBlock())
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        return Task.CompletedTask;
    }

    protected override Task Open(CancellationToken cancellationToken)
    {
        if (IsStopped)
        {
            File.Delete(History);
            if (!Directory.Exists(History))
            {
                Directory.Move(Away, History);
            }
        }

        return Task.CompletedTask;
    }

    private HashSet<string> Epochs(string record) => Directory.Exists(All)
        ? [.. from kind in Directory.EnumerateDirectories(All, record)
              from epoch in Directory.EnumerateDirectories(kind, "resource=*", SearchOption.AllDirectories)
              select epoch[^8..]]
        : [];

    private bool TryBlock()
    {
        try
        {
            if (Directory.Exists(History))
            {
                Merge();
            }

            using var _ = new FileStream(History, FileMode.CreateNew);
            return true;
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Merge()
    {
        foreach (var file in Directory.EnumerateFiles(History, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(Away, Path.GetRelativePath(History, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(file, target, overwrite: false);
        }

        Directory.Delete(History, recursive: true);
    }
}

/// <summary>In a real S3 server. While it is stopped nobody answers at its endpoint.</summary>
internal sealed class GatewayHistory(S3Server server, HistoryOptions store) : FleetHistory
{
    public override HistoryOptions Options => store;

    public override SmallDisk Disk { get; } = SmallDisk.Boundless;

    public override Task<IReadOnlyList<HistoryRecord>> Records(CancellationToken cancellationToken) => S3Server.Records(store, cancellationToken);

    public override async Task<IReadOnlySet<string>> Unburied(CancellationToken cancellationToken)
    {
        var records = await Records(cancellationToken);
        return records.Select(Uid).Except(records.Where(record => record.Record is RecordKind.Tombstone).Select(Uid)).ToHashSet();
    }

    private static string Uid(HistoryRecord record) => record.Target.Uid[..8];

    protected override Task Close(CancellationToken cancellationToken) => server.StopGateway();

    protected override Task Open(CancellationToken cancellationToken) => server.StartGateway();
}
