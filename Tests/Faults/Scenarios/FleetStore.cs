namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>Where the silos of a fleet keep state, reminders and membership.</summary>
internal abstract class FleetStore : IAsyncDisposable
{
    /// <summary>For the silos' command line.</summary>
    public abstract IEnumerable<string> Settings { get; }

    /// <summary>1 when only one silo can use it.</summary>
    public abstract int MaxSilos { get; }

    public bool IsStopped { get; protected set; }

    public bool IsSlow { get; protected set; }

    public abstract bool CanFill { get; }

    public abstract bool IsFull { get; }

    public bool IsWell => !IsStopped && !IsSlow && !IsFull;

    /// <summary>The addresses of silos in which a dataset is being loaded now, as they are stored; null for any.</summary>
    public abstract Task<IReadOnlyList<string>?> Loaders(CancellationToken cancellationToken);

    public abstract Task<string> Stop(CancellationToken cancellationToken);

    public abstract Task<string> Start(CancellationToken cancellationToken);

    /// <summary>Every answer takes that much longer from now on.</summary>
    public abstract Task<string> Slow(TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>So many writes are done, and their answers are lost.</summary>
    public abstract Task<string> LoseAnswers(int count, CancellationToken cancellationToken);

    /// <summary>So many writes are refused, as after an election.</summary>
    public abstract Task<string> RefuseWrites(int count, CancellationToken cancellationToken);

    public abstract Task<string> Fill(CancellationToken cancellationToken);

    public abstract Task<string> Free(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}

/// <summary>One file: for one silo, and as long-lived as that.</summary>
internal sealed class FileStore(string folder, int mebibytes) : FleetStore
{
    private readonly SmallDisk _disk = SmallDisk.Create(folder, mebibytes);

    public override int MaxSilos => 1;

    public override bool CanFill => _disk.CanFill;

    public override bool IsFull => _disk.IsFull;

    public override IEnumerable<string> Settings => [$"--Storage:Sqlite:Path={Path.Combine(folder, "state.db")}"];

    public override Task<IReadOnlyList<string>?> Loaders(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>?>(null);

    public override Task<string> Stop(CancellationToken cancellationToken) => throw Own();

    public override Task<string> Start(CancellationToken cancellationToken) => throw Own();

    public override Task<string> Slow(TimeSpan delay, CancellationToken cancellationToken) => throw Own();

    public override Task<string> LoseAnswers(int count, CancellationToken cancellationToken) => throw Own();

    public override Task<string> RefuseWrites(int count, CancellationToken cancellationToken) => throw Own();

    public override Task<string> Fill(CancellationToken cancellationToken) => _disk.Fill();

    public override Task<string> Free(CancellationToken cancellationToken) => _disk.Free();

    public override ValueTask DisposeAsync()
    {
        _disk.Dispose();
        return ValueTask.CompletedTask;
    }

    private static InvalidOperationException Own() =>
        new("state is in a file of the silo's own here; use a fleet on MongoDB, or stop the silo.");
}
