using System.Diagnostics.Metrics;
using System.Net;
using ClusterGrains.Clusters;
using ClusterGrains.Hosting;
using ClusterGrains.Storage;
using ClusterGrains.Tests.MongoDouble;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Bson;
using MongoDB.Driver;
using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

/// <summary>What the storage makes of a server that loses answers, has no primary, is full, silent or gone.</summary>
public sealed class MongoFaultTests : IAsyncDisposable
{
    private const string Cure = "Storage:MongoDb:ConnectionString";

    private DoubledMongo _server = null!;
    private TestMongo _test = null!;
    private long _counted;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    public async Task A_write_whose_answer_was_lost_is_no_conflict_with_itself(bool isReplicaSet, int lost)
    {
        await Start(isReplicaSet);
        var state = new GrainState<PlainState>(new PlainState { Value = 1 }, null!);

        await AfterLosing(lost, () => _test.Storage.WriteStateAsync("state", Id, state, Cancellation));
        state.State = new PlainState { Value = 2 };
        await AfterLosing(lost, () => _test.Storage.WriteStateAsync("state", Id, state, Cancellation));

        var read = new GrainState<PlainState>();
        await _test.Storage.ReadStateAsync("state", Id, read, Cancellation);
        Assert.Equal((2, state.ETag), (read.State!.Value, read.ETag));
        await AfterLosing(lost, () => _test.Storage.ClearStateAsync("state", Id, state, Cancellation));
        Assert.Empty(await _test.Rows.Page(null, 1, Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reminder_whose_answer_was_lost_is_there_and_one_whose_removal_was_lost_is_gone(bool isReplicaSet)
    {
        await Start(isReplicaSet);
        var entry = new ReminderEntry
        {
            GrainId = Id, ReminderName = "turn", StartAt = DateTime.UnixEpoch, Period = TimeSpan.FromMinutes(1),
        };

        var etag = await AfterLosing(3, () => _test.Reminders.UpsertRow(entry, Cancellation));

        Assert.Equal(etag, (await _test.Reminders.ReadRow(Id, "turn", Cancellation))!.ETag);
        Assert.True(await AfterLosing(3, () => _test.Reminders.RemoveRow(Id, "turn", etag!, Cancellation)));
        Assert.False(await _test.Reminders.RemoveRow(Id, "turn", etag!, Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_membership_change_whose_answer_was_lost_is_made_once(bool isReplicaSet)
    {
        await Start(isReplicaSet);
        var entry = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, 11_111, 1), Status = SiloStatus.Joining, SuspectTimes = [],
        };
        var version = (await _test.Membership.ReadAllAsync(Cancellation)).Version;

        Assert.True(await AfterLosing(3, () => _test.Membership.InsertRowAsync(entry, version.Next(), Cancellation)));
        var table = await _test.Membership.ReadAllAsync(Cancellation);
        entry.Status = SiloStatus.Active;
        Assert.True(await AfterLosing(
            3, () => _test.Membership.UpdateRowAsync(entry, table.Members[0].Item2, table.Version.Next(), Cancellation)));

        table = await _test.Membership.ReadAllAsync(Cancellation);
        Assert.Equal(2, table.Version.Version);
        Assert.Equal(SiloStatus.Active, Assert.Single(table.Members).Item1.Status);
    }

    [Fact]
    public async Task A_stale_write_stays_a_conflict_also_after_lost_answers()
    {
        await Start(isReplicaSet: false);
        await Write(1);
        var stale = new GrainState<PlainState>(new PlainState { Value = 3 }, "4711");

        await Assert.ThrowsAsync<InconsistentStateException>(
            () => AfterLosing(3, () => _test.Storage.WriteStateAsync("state", Id, stale, Cancellation)));

        using var conflicts = Count("clustergrains.storage.conflicts");
        await Assert.ThrowsAsync<InconsistentStateException>(() => _test.Storage.WriteStateAsync("state", Id, stale, Cancellation));
        Assert.Equal(1, Volatile.Read(ref _counted));
    }

    [Fact]
    public async Task A_primary_that_steps_down_is_asked_again_and_that_is_counted()
    {
        await Start(isReplicaSet: true);
        using var retries = Count("clustergrains.storage.retries");
        await _server.Double.Misbehave(new Misbehaviour { RefusedWrites = 5 }, Cancellation);

        await Write(1);

        Assert.InRange(Volatile.Read(ref _counted), 1, 5);
    }

    [Fact]
    public async Task A_server_that_comes_back_in_time_costs_nothing_but_time()
    {
        await Start(isReplicaSet: true);
        await _server.Double.Kill(Cancellation);

        var writing = Write(1);
        await _server.Double.Restart(Cancellation);

        await writing;
    }

    [Fact]
    public async Task A_server_that_never_answers_is_an_error_in_time_with_the_cure()
    {
        await Start(isReplicaSet: true);
        _test.Options.Budget = TimeSpan.FromSeconds(1);
        await _server.Double.Misbehave(new Misbehaviour { Silent = true }, Cancellation);

        var failure = await Assert.ThrowsAsync<DependencyException>(() => Write(1));

        Assert.Equal(Dependency.Storage, failure.Dependency);
        Assert.Contains(Cure, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_named()
    {
        await Start(isReplicaSet: true);
        await _server.Double.Misbehave(new Misbehaviour { DiskFull = true }, Cancellation);

        var failure = await Assert.ThrowsAsync<DependencyException>(() => Write(1));

        Assert.Contains("has no space left on its disk", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_says_why_the_storage_is_away_and_that_it_is_back()
    {
        await Start(isReplicaSet: true);
        var health = new StorageHealth(_test.Index, [SearchClusters.Kind]);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(new(), Cancellation)).Status);
        await _server.Double.Kill(Cancellation);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var away = await health.CheckHealthAsync(new(), patience.Token);
        await _server.Double.Restart(Cancellation);

        Assert.Equal(HealthStatus.Unhealthy, away.Status);
        Assert.Contains(Cure, away.Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(new(), Cancellation)).Status);
    }

    [Fact]
    public async Task More_operations_than_may_wait_are_refused_at_once()
    {
        await Start(isReplicaSet: true);
        using var small = new TestMongo(_server.ConnectionString, _test.Name, pendingLimit: 1);
        await small.Open();
        await _server.Double.Misbehave(new Misbehaviour { Slow = TimeSpan.FromSeconds(1) }, Cancellation);
        var first = small.Index.List("Sample", Cancellation);

        var failure = await Assert.ThrowsAsync<DependencyException>(() => small.Index.List("Sample", Cancellation));

        Assert.Contains("1 operations already wait", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await first);
    }

    [Fact]
    public async Task A_layout_of_a_newer_version_is_refused()
    {
        await Start(isReplicaSet: true);
        await _test.Database.Layout.UpdateOneAsync(
            new BsonDocument(), new BsonDocument("$set", new BsonDocument("layout", MongoSchema.Current + 1)), cancellationToken: Cancellation);
        using var older = _test.Sibling();

        var failure = await Assert.ThrowsAsync<DependencyException>(() => older.Database.Open(Cancellation));

        Assert.Contains("has layout 2, written by a newer version", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_one_line_without_the_password()
    {
        using var nowhere = new TestMongo("mongodb://grains:s3cr3t@127.0.0.1:1/?replicaSet=rs0", "clustergrains", budget: TimeSpan.FromSeconds(2));

        var failure = await Assert.ThrowsAsync<DependencyException>(() => nowhere.Database.Open(Cancellation));

        Assert.StartsWith("mongodb://127.0.0.1:1/clustergrains did not answer within ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(Cure, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    public async ValueTask DisposeAsync()
    {
        _test?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private static GrainId Id => GrainId.Create("sample", "default/a");

    private async Task Start(bool isReplicaSet)
    {
        _server = new DoubledMongo(isReplicaSet ? MongoMode.ReplicaSet : MongoMode.Standalone);
        await _server.InitializeAsync();
        _test = new TestMongo(_server.ConnectionString, _server.NewDatabase());
        await _test.Open();
    }

    private Task Write(int value) => _test.Storage.WriteStateAsync(
        "state", Id, new GrainState<PlainState>(new PlainState { Value = value }, null!), Cancellation);

    private MeterListener Count(string instrument)
    {
        var meter = _test.Meters.Create(StorageMetrics.MeterName);
        var listener = new MeterListener
        {
            InstrumentPublished = (published, self) =>
            {
                if (published.Meter == meter && published.Name == instrument)
                {
                    self.EnableMeasurementEvents(published);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _counted, value));
        listener.Start();
        return listener;
    }

    private async Task AfterLosing(int answers, Func<Task> write)
    {
        await _server.Double.Misbehave(new Misbehaviour { LostAnswers = answers }, Cancellation);
        await write();
    }

    private async Task<T> AfterLosing<T>(int answers, Func<Task<T>> write)
    {
        await _server.Double.Misbehave(new Misbehaviour { LostAnswers = answers }, Cancellation);
        return await write();
    }
}
