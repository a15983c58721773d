using ClusterGrains.Hosting;
using ClusterGrains.Storage;
using ClusterGrains.Tests.MongoDouble;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;

namespace ClusterGrains.Tests.Transfer;

/// <summary>A database that silos share has no lock: what keeps silos and moves apart instead.</summary>
public sealed class MongoSilenceTests(DoubledMongo server) : IClassFixture<DoubledMongo>, IDisposable
{
    private readonly MongoStore _store = new(server);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_that_is_dead_or_was_not_heard_of_for_half_a_minute_is_in_nobody_s_way()
    {
        await _store.Open();
        await _store.Join(SiloStatus.Active, DateTime.UtcNow - MongoSilence.Patience - TimeSpan.FromSeconds(1));

        await Source().Open(Cancellation);
        Assert.False(await Target().Open(Cancellation));
    }

    [Theory]
    [InlineData(SiloStatus.Active)]
    [InlineData(SiloStatus.Joining)]
    [InlineData(SiloStatus.ShuttingDown)]
    public async Task A_silo_that_was_heard_of_lately_is_told_by_name(SiloStatus status)
    {
        await _store.Open();
        await _store.Join(status, DateTime.UtcNow - TimeSpan.FromSeconds(20));

        await AssertRefused("is in use: the silo silo-0 (S10.0.0.1:11111:1) of the cluster");
    }

    [Fact]
    public async Task A_silo_of_another_cluster_that_works_on_the_same_data_is_in_the_way()
    {
        await _store.Open();
        using var other = await _store.Test.Sibling("green").Open();
        await MongoStore.Join(other, SiloStatus.Active, DateTime.UtcNow);

        await AssertRefused("is in use: the silo silo-0 (S10.0.0.1:11111:1) of the cluster 'green'");
    }

    [Fact]
    public async Task A_silo_of_a_version_that_does_not_say_what_it_works_on_may_work_on_it()
    {
        await _store.Open();
        using var other = await _store.Test.Sibling("green").Open();
        await MongoStore.Join(other, SiloStatus.Active, DateTime.UtcNow);
        var service = new BsonDocument("$unset", new BsonDocument("members.10_0_0_1:11111@1.service", ""));
        Assert.Equal(1, (await other.Database.Membership.UpdateOneAsync(new BsonDocument("_id", "green"), service, null, Cancellation)).ModifiedCount);

        await AssertRefused("of the cluster 'green'");
    }

    [Fact]
    public async Task A_silo_of_another_cluster_that_came_and_went_during_an_export_is_noticed()
    {
        await _store.Open();
        using var other = await _store.Test.Sibling("green").Open();
        var source = Source();
        await source.Open(Cancellation);

        await MongoStore.Join(other, SiloStatus.Dead, DateTime.UtcNow);

        await Assert.ThrowsAsync<DependencyException>(() => source.Confirm(Cancellation));
    }

    [Fact]
    public async Task A_silo_of_another_installation_in_the_same_database_is_in_nobody_s_way()
    {
        await _store.Open();
        using var neighbour = await _store.Test.Neighbour().Open();
        await MongoStore.Join(neighbour, SiloStatus.Active, DateTime.UtcNow);

        await Source().Open(Cancellation);
        Assert.False(await Target().Open(Cancellation));
    }

    [Fact]
    public async Task A_silo_that_came_and_went_during_an_export_is_noticed()
    {
        await _store.Open();
        var source = Source();
        await source.Open(Cancellation);

        await (await _store.Use()).DisposeAsync();

        var refusal = await Assert.ThrowsAsync<DependencyException>(() => source.Confirm(Cancellation));
        Assert.Contains("was in use meanwhile: its silos changed.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_had_looked_before_the_import_began_is_refused_when_it_joins()
    {
        await _store.Open();
        var target = Target();
        await target.Open(Cancellation);
        await target.Begin(Cancellation);

        var refusal = await Assert.ThrowsAsync<DependencyException>(() => _store.Join(SiloStatus.Joining, DateTime.UtcNow));

        Assert.Contains("was not finished", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_finds_a_silo_when_it_begins_leaves_no_mark()
    {
        await _store.Open();
        var target = Target();
        await target.Open(Cancellation);
        await _store.Join(SiloStatus.Joining, DateTime.UtcNow);

        await Assert.ThrowsAsync<DependencyException>(() => target.Begin(Cancellation));

        using var silo = await _store.Test.Sibling().Open();
    }

    [Fact]
    public async Task Of_two_imports_the_earlier_one_neither_adds_nor_ends_anything_once_the_later_one_took_over()
    {
        await _store.Open();
        var (earlier, later) = (Target(), Target());
        Assert.False(await earlier.Open(Cancellation));
        await earlier.Begin(Cancellation);
        Assert.True(await later.Open(Cancellation));
        await later.Begin(Cancellation);

        foreach (var refused in (Func<Task>[])
            [() => earlier.Add([Row("a")], [], Cancellation), () => earlier.Confirm(Cancellation), () => earlier.Finish(Cancellation)])
        {
            var refusal = await Assert.ThrowsAsync<DependencyException>(refused);
            Assert.Contains("was taken over by another import", refusal.Message, StringComparison.Ordinal);
        }

        await later.Confirm(Cancellation);
        await Assert.ThrowsAsync<DependencyException>(_store.Test.Sibling().Open);
        await later.Finish(Cancellation);
        using var silo = await _store.Test.Sibling().Open();
        Assert.Empty(await silo.Rows.Page(null, 10, Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_imports_that_look_at_the_same_time_only_one_begins(bool isMarked)
    {
        await _store.Open();
        if (isMarked)
        {
            var killed = Target();
            await killed.Open(Cancellation);
            await killed.Begin(Cancellation);
        }

        var (first, second) = (Target(), Target());
        await first.Open(Cancellation);
        await second.Open(Cancellation);
        await first.Begin(Cancellation);

        var refusal = await Assert.ThrowsAsync<DependencyException>(() => second.Begin(Cancellation));

        Assert.Contains("was taken over by another import", refusal.Message, StringComparison.Ordinal);
        await first.Finish(Cancellation);
    }

    [Fact]
    public async Task A_mark_of_a_version_that_did_not_say_whose_it_is_is_taken_over()
    {
        await _store.Open();
        await _store.Test.Database.Layout.InsertOneAsync(new BsonDocument("_id", $"import {_store.Test.Id}"), null, Cancellation);
        var target = Target();

        Assert.True(await target.Open(Cancellation));
        await target.Begin(Cancellation);
        await target.Finish(Cancellation);

        using var silo = await _store.Test.Sibling().Open();
    }

    [Fact]
    public async Task Another_installation_in_the_same_database_starts_and_works_meanwhile()
    {
        await _store.Open();
        var target = Target();
        await target.Open(Cancellation);
        await target.Begin(Cancellation);

        using var neighbour = await _store.Test.Neighbour().Open();
        Assert.Equal(0, (await neighbour.Membership.ReadAllAsync(Cancellation)).Version.Version);
    }

    public void Dispose() => _store.Dispose();

    private async Task AssertRefused(string told)
    {
        foreach (var refused in (Func<Task>[])[() => Source().Open(Cancellation), () => Target().Open(Cancellation)])
        {
            var refusal = await Assert.ThrowsAsync<DependencyException>(refused);
            Assert.Contains(told, refusal.Message, StringComparison.Ordinal);
            Assert.Contains("Stop all silos; one that was killed counts as gone 30 s after its last sign of life.", refusal.Message, StringComparison.Ordinal);
        }
    }

    private static StateRow Row(string name) => new(new StateKey($"sample/default/{name}", "state"), "etag", 1, null, "{}");

    private IMoveSource Source() => CommandHost.Build(_store.Settings, (services, configuration) => services.AddMoveSource(configuration))
        .Services.GetRequiredService<IMoveSource>();

    private IMoveTarget Target() => TransferHost.BuildImport(_store.Settings).Services.GetRequiredService<IMoveTarget>();
}
