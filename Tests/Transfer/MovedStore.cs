using System.Net;
using ClusterGrains.Storage;
using ClusterGrains.Tests.MongoDouble;
using ClusterGrains.Tests.Storage;
using Orleans.Storage;

namespace ClusterGrains.Tests.Transfer;

/// <summary>A storage that is moved from or to: as the commands are told it, and as silos use it.</summary>
internal abstract class MovedStore : IDisposable
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>For the command line.</summary>
    public abstract string[] Settings { get; }

    public abstract IGrainStorage Storage { get; }

    public abstract IReminderTable Reminders { get; }

    public abstract IStateRows Rows { get; }

    /// <summary>Opens it as a silo does.</summary>
    public abstract Task Open();

    /// <summary>Closes it as a silo that stops does.</summary>
    public abstract void Close();

    /// <summary>A row, whatever is in it.</summary>
    public abstract Task Add(StateRow row);

    /// <summary>Until the end a silo works on it.</summary>
    public abstract Task<IAsyncDisposable> Use();

    /// <summary>All that it holds; what a write makes anew is left out.</summary>
    public async Task<(IReadOnlyList<StateRow> States, IReadOnlyList<(GrainId, string, DateTime, TimeSpan)> Reminders)> All()
    {
        var states = await Rows.Page(null, 10_000, Cancellation);
        var reminders = (await Reminders.ReadRows(0, 0, Cancellation)).Reminders
            .Select(one => (one.GrainId, one.ReminderName, one.StartAt, one.Period))
            .OrderBy(one => one.GrainId).ThenBy(one => one.ReminderName, StringComparer.Ordinal);
        return (states, [.. reminders]);
    }

    public abstract void Dispose();
}

internal sealed class SqliteStore : MovedStore
{
    private readonly TestDatabase _test = new();

    public string Path => _test.Path;

    public override string[] Settings => [$"--Storage:Sqlite:Path={_test.Path}"];

    /// <summary>Goes past the storage, as an operator with a shell would.</summary>
    public void Spoil(string sql) => _test.Scalar(sql);

    public override IGrainStorage Storage => _test.Storage;

    public override IReminderTable Reminders => _test.Reminders;

    public override IStateRows Rows => new SqliteStateRows(_test.Database);

    public override Task Open()
    {
        _test.Reopen();
        return Task.CompletedTask;
    }

    public override void Close() => _test.Database.Close();

    public override Task Add(StateRow row) => _test.Database.Write(session => SqliteStateTable.Insert(session, row), Cancellation);

    public override Task<IAsyncDisposable> Use()
    {
        var silo = _test.New();
        silo.Open();
        return Task.FromResult<IAsyncDisposable>(new Silo(silo));
    }

    public override void Dispose() => _test.Dispose();

    private sealed class Silo(SqliteDatabase database) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            database.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

internal sealed class MongoStore(MongoServer server) : MovedStore
{
    private readonly TestMongo _test = TestMongo.On(server);

    public TestMongo Test => _test;

    public override string[] Settings =>
    [
        "--Storage:Provider=MongoDb",
        $"--Storage:MongoDb:ConnectionString={server.ConnectionString}",
        $"--Storage:MongoDb:Database={_test.Name}",
        $"--Orleans:ServiceId={_test.Id}",
        $"--Orleans:ClusterId={_test.Id}",
    ];

    public override IGrainStorage Storage => _test.Storage;

    public override IReminderTable Reminders => _test.Reminders;

    public override IStateRows Rows => _test.Rows;

    public override async Task Open() => await _test.Open();

    public override void Close()
    {
        // A silo that has left the cluster is one of no more.
    }

    public override Task Add(StateRow row) => _test.Database.Write(
        (_, token) => MongoGrainStorage.Insert(_test.Database, _test.Id, row, token), Cancellation);

    public override async Task<IAsyncDisposable> Use()
    {
        await Open();
        await Join(SiloStatus.Active, DateTime.UtcNow);
        return new Silo(_test.Membership);
    }

    /// <summary>A silo is in the membership.</summary>
    public Task Join(SiloStatus status, DateTime heardOf) => Join(_test, status, heardOf);

    public static async Task Join(TestMongo test, SiloStatus status, DateTime heardOf)
    {
        var table = test.Membership;
        var version = (await table.ReadAllAsync(Cancellation)).Version;
        Assert.True(await table.InsertRowAsync(Entry(status, heardOf), version.Next(), Cancellation));
    }

    public override void Dispose() => _test.Dispose();

    private static MembershipEntry Entry(SiloStatus status, DateTime heardOf) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Parse("10.0.0.1"), 11_111, 1),
        Status = status,
        SiloName = "silo-0",
        HostName = "node-0",
        StartTime = heardOf,
        IAmAliveTime = heardOf,
    };

    private sealed class Silo(MongoMembershipTable table) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            var all = await table.ReadAllAsync(Cancellation);
            var (entry, etag) = all.Members[0];
            entry.Status = SiloStatus.Dead;
            Assert.True(await table.UpdateRowAsync(entry, etag, all.Version.Next(), Cancellation));
        }
    }
}
