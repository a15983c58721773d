using ClusterGrains.Hosting;
using ClusterGrains.Storage;
using ClusterGrains.Tests.MongoDouble;
using Microsoft.Extensions.DependencyInjection;

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

        foreach (var refused in (Func<Task>[])[() => Source().Open(Cancellation), () => Target().Open(Cancellation)])
        {
            var refusal = await Assert.ThrowsAsync<DependencyException>(refused);
            Assert.Contains("is in use: the silo silo-0 (S10.0.0.1:11111:1) of the cluster", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("Stop all silos; one that was killed counts as gone 30 s after its last sign of life.", refusal.Message, StringComparison.Ordinal);
        }
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

    private IMoveSource Source() => CommandHost.Build(_store.Settings, (services, configuration) => services.AddMoveSource(configuration))
        .Services.GetRequiredService<IMoveSource>();

    private IMoveTarget Target() => TransferHost.BuildImport(_store.Settings).Services.GetRequiredService<IMoveTarget>();
}
