using System.Diagnostics.Metrics;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Fleet;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Fleet;

public sealed class FleetCensusTests : IDisposable
{
    private const string Healthy = """{"verdict":"Healthy","reason":"AllChecksPassed","freshUntil":"2026-01-01T12:00:00Z"}""";
    private const string Approval = """{"verdict":"AwaitingApproval","reason":"ApprovalPending"}""";

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly Index _index = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _told = [];
    private readonly FleetCounter _counter;
    private readonly FleetCensus _census;

    public FleetCensusTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        var ours = meters.Create(FleetMetrics.MeterName);
        var metrics = new FleetMetrics(meters, _time);
        _counter = new FleetCounter(_index, [SearchClusters.Kind, SearchDatasets.Kind], _time);
        _census = new FleetCensus(_counter, metrics, _time, NullLogger<FleetCensus>.Instance);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, ours))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
        _listener.Start();
    }

    [Fact]
    public async Task Resources_are_counted_by_kind_phase_and_verdict()
    {
        Put("one", Healthy);
        Put("two", Healthy);
        Put("three", Healthy, phase: "Retiring");
        Put("data", Approval, kind: "SearchDataset");

        await Count();

        Assert.Equal(2, Told("clustergrains.resources SearchCluster Active Healthy"));
        Assert.Equal(1, Told("clustergrains.resources SearchCluster Retiring Healthy"));
        Assert.Equal(1, Told("clustergrains.resources SearchDataset Active AwaitingApproval"));
    }

    [Fact]
    public async Task What_nobody_refreshed_is_unknown_by_the_clock_and_it_is_said_why()
    {
        Put("stale", Healthy);
        Put("new", summary: null);
        Put("away", """{"verdict":"Unknown","reason":"ConnectionRefused"}""");
        _time.Advance(TimeSpan.FromSeconds(1));

        await Count();

        Assert.Equal(3, Told("clustergrains.resources SearchCluster Active Unknown"));
        Assert.Equal(1, Told("clustergrains.resources.unknown SearchCluster Stale"));
        Assert.Equal(1, Told("clustergrains.resources.unknown SearchCluster NeverJudged"));
        Assert.Equal(1, Told("clustergrains.resources.unknown SearchCluster ConnectionRefused"));
    }

    [Fact]
    public async Task What_is_not_so_any_more_is_told_as_none()
    {
        Put("one", """{"verdict":"Critical","reason":"DiskFlood"}""");
        await Count();

        Put("one", Healthy);
        await Count();

        Assert.Equal(0, Told("clustergrains.resources SearchCluster Active Critical"));
        Assert.Equal(1, Told("clustergrains.resources SearchCluster Active Healthy"));
    }

    [Fact]
    public async Task A_resource_that_is_gone_is_not_counted()
    {
        Put("gone", Healthy, phase: "Retired");

        await Count();

        Assert.DoesNotContain(_told, one => one.Key.StartsWith("clustergrains.resources ", StringComparison.Ordinal) && one.Value > 0);
    }

    [Fact]
    public async Task Names_that_a_mistake_makes_up_do_not_grow_the_number_of_series()
    {
        for (var i = 0; i < 150; i++)
        {
            Put($"r{i}", $$"""{"verdict":"Unknown","reason":"Mistake{{i}}"}""");
        }

        await Count();

        Assert.Equal(50, Told("clustergrains.resources.unknown SearchCluster Other"));
    }

    [Fact]
    public async Task A_count_that_fails_leaves_the_last_one_and_its_age_grows()
    {
        Put("one", Healthy);
        await Count();
        _time.Advance(TimeSpan.FromMinutes(3));
        _index.Rows.Clear();
        _index.Failure = new DependencyException(Dependency.Storage, "The storage is away.");

        await Count();

        Assert.Equal(1, Told("clustergrains.resources SearchCluster Active Healthy"));
        Assert.Equal(180, Told("clustergrains.resources.age"));
    }

    public void Dispose()
    {
        _census.Dispose();
        _counter.Dispose();
        _listener.Dispose();
        _services.Dispose();
    }

    private async Task Count()
    {
        await _census.Round(TestContext.Current.CancellationToken);
        _listener.RecordObservableInstruments();
    }

    private double Told(string series) => _told[series];

    private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _told[string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => (string)tag.Value!)])] = value;

    private void Put(string name, string? summary, string phase = "Active", string kind = "SearchCluster") =>
        _index.Rows[name] = new IndexRow(kind, "search", name, $"uid-{name}", 1, "", phase, null, 1, null, summary);

    private sealed class Index : IResourceIndex
    {
        public Dictionary<string, IndexRow> Rows { get; } = [];

        public DependencyException? Failure { get; set; }

        public Task<IReadOnlyList<IndexRow>> List(string kind, CancellationToken cancellationToken) => Failure is { } failure
            ? Task.FromException<IReadOnlyList<IndexRow>>(failure)
            : Task.FromResult<IReadOnlyList<IndexRow>>([.. Rows.Values.Where(row => row.Kind == kind)]);

        public Task<IReadOnlyList<IndexRow>> Page(IndexQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<string>> Namespaces(string kind, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IndexRow?> Find(string kind, ResourceKey key, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<IndexRow>> ListClaims(string claim, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<IndexRow>> ListLate(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<IndexRow>> ListWrittenBy(string silo, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
