using System.Diagnostics.Metrics;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Tests.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace ClusterGrains.Tests.History;

/// <summary>When the fleet audits, and what it remembers of it.</summary>
public sealed class HistoryAuditGrainTests : IAsyncLifetime
{
    private readonly AuditWorld _world = new();
    private InProcessTestCluster _cluster = null!;

    private IHistoryAuditGrain Audit => _cluster.Client.GetGrain<IHistoryAuditGrain>(0);

    private HistoryAuditMetrics Metrics => _cluster.GetSiloServiceProvider().GetRequiredService<HistoryAuditMetrics>();

    public async ValueTask InitializeAsync() => _cluster = await TestSilo.Start(
        _world.Clock,
        new PretendApi(),
        new PretendHistory(),
        services => services.AddSearchClusters().AddSingleton<IClusterProbe>(new PretendProbe())
            .AddSingleton(new HistoryMarks(_world, NullLogger<HistoryMarks>.Instance)).AddSingleton<IHistoryReader>(_world)
            .AddHistoryAudits());

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task The_first_audit_is_at_once_and_the_next_after_the_interval_also_when_its_silo_forgot()
    {
        _world.Create("logs");
        var first = await News(news => news.LastComplete is not null);
        var listings = _world.Listings;
        Assert.Equal((_world.Clock.GetUtcNow(), 0L, null), (first.LastComplete, first.Missing, first.Failure));

        _world.Clock.Advance(TimeSpan.FromHours(23));
        await _cluster.DeactivateAsync((IAddressable)Audit);
        Assert.Equal(first, await Audit.Nudge(Cancellation));
        Assert.Equal(listings, _world.Listings);

        _world.Clock.Advance(TimeSpan.FromHours(1));
        await News(news => news.LastComplete == _world.Clock.GetUtcNow());
    }

    [Fact]
    public async Task What_is_missing_is_told_to_every_silo_that_asks()
    {
        var uid = _world.Create("logs");
        _world.Store("logs", 3);
        _world.Objects.Remove(_world.KeyOf(uid, 2));

        var news = await News(news => news.LastComplete is not null);

        Assert.Equal((1L, 1), (news.Missing, news.Resources));
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually(() => Metrics.News == news);
    }

    [Fact]
    public async Task A_state_that_could_not_be_audited_is_told_to_every_silo_that_asks()
    {
        _world.Create("bad");
        _world.Damaged["bad"] = "{";

        var news = await News(news => news.LastComplete is not null);

        Assert.Equal((1, 0L), (news.Unread, news.Missing));
        Metrics.Heard(news);
        var health = await new HistoryAuditHealth(Metrics).CheckHealthAsync(new HealthCheckContext(), Cancellation);
        Assert.Equal(
            (HealthStatus.Degraded, "the history of 1 resources was not audited: their stored states cannot be read"),
            (health.Status, health.Description));
    }

    [Fact]
    public async Task An_audit_that_failed_says_why_and_is_tried_again_long_before_the_next_day()
    {
        _world.Listing = _ => throw new DependencyException(Dependency.History, "Allow s3:ListBucket.");

        var failed = await News(news => news.Failure is not null);
        Assert.Equal(("Allow s3:ListBucket.", null), (failed.Failure, failed.LastComplete));

        _world.Listing = null;
        Assert.NotNull((await Audit.Nudge(Cancellation)).Failure);
        Metrics.Heard(failed);
        var health = await new HistoryAuditHealth(Metrics).CheckHealthAsync(new HealthCheckContext(), Cancellation);
        Assert.Equal((HealthStatus.Degraded, "the history cannot be audited: Allow s3:ListBucket."), (health.Status, health.Description));
        _world.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Null((await News(news => news.LastComplete is not null)).Failure);
    }

    [Fact]
    public async Task An_audit_that_cannot_answer_has_an_age_and_degrades_the_health()
    {
        _world.Create("logs");
        var last = await News(news => news.LastComplete is not null);
        await _cluster.DeactivateAsync((IAddressable)Audit);
        _cluster.GetSiloServiceProvider().GetRequiredService<PretendStorage>().Damage("0", _ => "}");
        Metrics.Asks();
        Assert.Equal(0, Age());

        await Eventually(() =>
        {
            _world.Clock.Advance(TimeSpan.FromMinutes(1));
            return Metrics.News!.Failure is not null;
        });

        Assert.Equal((_world.Clock.GetUtcNow() - last.LastComplete!.Value).TotalSeconds, Age());
        var health = await new HistoryAuditHealth(Metrics).CheckHealthAsync(new HealthCheckContext(), Cancellation);
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("the history cannot be audited: ", health.Description, StringComparison.Ordinal);
    }

    private double? Age()
    {
        double? age = null;
        using var listener = new MeterListener();
        var ours = _cluster.GetSiloServiceProvider().GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "clustergrains.history.audit.age" && instrument.Meter.Scope == ours)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => age = seconds);
        listener.Start();
        listener.RecordObservableInstruments();
        return age;
    }

    private async Task<HistoryAuditNews> News(Func<HistoryAuditNews, bool> fits)
    {
        HistoryAuditNews? news = null;
        await Eventually(async () => fits(news = await Audit.Nudge(Cancellation)));
        return news!;
    }

    private static Task Eventually(Func<bool> holds) => Eventually(() => Task.FromResult(holds()));

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        guard.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await holds())
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
