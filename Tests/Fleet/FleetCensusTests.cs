using System.Diagnostics.Metrics;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Fleet;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using ClusterGrains.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Fleet;

public sealed class FleetCensusTests : IDisposable
{
    private const string Healthy = """{"verdict":"Healthy","reason":"AllChecksPassed","freshUntil":"2026-01-01T12:00:00Z"}""";
    private const string Approval = """{"verdict":"AwaitingApproval","reason":"ApprovalPending"}""";
    private const string NoData = """{"verdict":"Promoted","reason":"NoNewVersion","since":"2026-01-01T11:00:00Z","freshUntil":"2026-01-01T13:00:00Z"}""";

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly TelemetryOptions _options = new();
    private readonly Index _index = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _told = [];
    private readonly FleetCounter _counter;
    private FleetCensus? _census;

    public FleetCensusTests()
    {
        var ours = _services.GetRequiredService<IMeterFactory>().Create(FleetMetrics.MeterName);
        _counter = new FleetCounter(_index, [SearchClusters.Kind, SearchDatasets.Kind], _time);
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
        Assert.Equal(1, Told("clustergrains.resources.reasons SearchCluster Unknown Stale"));
        Assert.Equal(1, Told("clustergrains.resources.reasons SearchCluster Unknown NeverJudged"));
        Assert.Equal(1, Told("clustergrains.resources.reasons SearchCluster Unknown ConnectionRefused"));
    }

    [Fact]
    public async Task What_is_not_so_any_more_is_told_as_none()
    {
        Put("one", """{"verdict":"Critical","reason":"DiskFlood"}""");
        await Count();

        Put("one", Healthy);
        await Count();

        Assert.Equal(0, Told("clustergrains.resources SearchCluster Active Critical"));
        Assert.Equal(0, Told("clustergrains.resources.reasons SearchCluster Critical DiskFlood"));
        Assert.Empty(Named());
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

        Assert.Equal(50, Told("clustergrains.resources.reasons SearchCluster Unknown Other"));
    }

    [Fact]
    public async Task Data_that_nobody_writes_any_more_is_told_although_readers_see_what_was_promoted()
    {
        Put("data", NoData, kind: "SearchDataset");

        await Count();

        Assert.Equal(1, Told("clustergrains.resources.reasons SearchDataset Promoted NoNewVersion"));
        Assert.Equal(3600, Told("clustergrains.resource.trouble SearchDataset search data Promoted NoNewVersion"));
    }

    [Fact]
    public async Task Who_needs_nobody_is_not_named()
    {
        Put("well", Healthy);
        Put("paused", """{"verdict":"Suspended","reason":"Suspended"}""");
        Put("gone", """{"verdict":"Critical","reason":"StatusRed"}""", phase: "Retiring");
        Put("loads", """{"verdict":"Loading","reason":"Updating","since":"2026-01-01T11:00:00Z"}""", kind: "SearchDataset");
        Put("good", """{"verdict":"Promoted","reason":"UpToDate"}""", kind: "SearchDataset");

        await Count();

        Assert.Empty(Named());
        Assert.DoesNotContain(_told, one => one.Key.StartsWith("clustergrains.resources.reasons", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_resource_in_trouble_is_named_with_the_time_since_it_is()
    {
        Put("red", """{"verdict":"Critical","reason":"StatusRed","since":"2026-01-01T11:58:00Z","freshUntil":"2026-01-01T12:10:00Z"}""");
        Put("stale", """{"verdict":"Healthy","reason":"AllChecksPassed","freshUntil":"2026-01-01T11:00:00Z"}""");
        Put("new", summary: null);

        await Count();
        _time.Advance(TimeSpan.FromSeconds(10));
        _listener.RecordObservableInstruments();

        Assert.Equal(130, Told("clustergrains.resource.trouble SearchCluster search red Critical StatusRed"));
        Assert.Equal(3610, Told("clustergrains.resource.trouble SearchCluster search stale Unknown Stale"));
        Assert.Equal(86410, Told("clustergrains.resource.trouble SearchCluster search new Unknown NeverJudged"));
    }

    [Fact]
    public async Task The_most_urgent_are_named_of_those_the_oldest_and_the_others_are_counted()
    {
        _options.NamedResources = 3;
        Put("yellow", """{"verdict":"Degraded","reason":"StatusYellow","since":"2025-06-01T00:00:00Z"}""");
        Put("red1", """{"verdict":"Critical","reason":"StatusRed","since":"2026-01-01T11:58:00Z"}""");
        Put("red2", """{"verdict":"Critical","reason":"StatusRed","since":"2026-01-01T11:57:00Z"}""");
        Put("red3", """{"verdict":"Critical","reason":"StatusRed","since":"2026-01-01T11:59:00Z"}""");
        Put("data", NoData, kind: "SearchDataset");
        Put("waits", """{"verdict":"Waiting","reason":"DiskFull","since":"2025-12-01T00:00:00Z"}""", kind: "SearchDataset");

        await Count();

        Assert.Equal(["data", "red1", "red2"], Named().Order());
        Assert.Equal(1, Told("clustergrains.resources.unnamed SearchCluster Critical"));
        Assert.Equal(1, Told("clustergrains.resources.unnamed SearchCluster Degraded"));
        Assert.Equal(1, Told("clustergrains.resources.unnamed SearchDataset Waiting"));
        Assert.DoesNotContain("clustergrains.resources.unnamed SearchDataset Promoted", _told.Keys);
    }

    [Fact]
    public async Task Whoever_wants_no_names_is_told_how_many_there_would_be()
    {
        _options.NamedResources = 0;
        Put("red", """{"verdict":"Critical","reason":"StatusRed"}""");

        await Count();

        Assert.Empty(Named());
        Assert.Equal(1, Told("clustergrains.resources.unnamed SearchCluster Critical"));
    }

    [Fact]
    public async Task Names_that_the_exporter_has_no_place_for_are_counted_and_not_lost()
    {
        _options.NamedResources = 500;
        for (var round = 0; round < TelemetryParts.MaxNamedSeries / 500; round++)
        {
            PutMany(round);
            await Count();
        }

        PutMany(TelemetryParts.MaxNamedSeries);
        Put("r0-0", """{"verdict":"Critical","reason":"StatusRed","since":"2026-01-01T11:00:00Z"}""");
        await Count();

        Assert.Equal(["r0-0"], Named());
        Assert.Equal(500, Told("clustergrains.resources.unnamed SearchCluster Critical"));

        void PutMany(int round)
        {
            _index.Rows.Clear();
            for (var i = 0; i < 500; i++)
            {
                Put($"r{round}-{i}", """{"verdict":"Critical","reason":"StatusRed","since":"2026-01-01T11:59:00Z"}""");
            }
        }
    }

    [Fact]
    public async Task A_count_that_fails_leaves_the_last_one_for_five_minutes_and_its_age_grows()
    {
        Put("one", Healthy);
        Put("red", """{"verdict":"Critical","reason":"StatusRed"}""");
        await Count();
        _time.Advance(TimeSpan.FromMinutes(3));
        _index.Rows.Clear();
        _index.Failure = new DependencyException(Dependency.Storage, "The storage is away.");

        await Count();

        Assert.Equal(1, Told("clustergrains.resources SearchCluster Active Healthy"));
        Assert.Equal(180, Told("clustergrains.resources.age"));
        Assert.Equal(["red"], Named());

        _time.Advance(TimeSpan.FromSeconds(121));
        await Count();

        Assert.Equal(["clustergrains.resources.age"], _told.Keys);
    }

    public void Dispose()
    {
        _census?.Dispose();
        _counter.Dispose();
        _listener.Dispose();
        _services.Dispose();
    }

    private async Task Count()
    {
        _census ??= new FleetCensus(
            _counter,
            new FleetMetrics(_services.GetRequiredService<IMeterFactory>(), Options.Create(_options), _time),
            _time,
            NullLogger<FleetCensus>.Instance);
        await _census.Round(TestContext.Current.CancellationToken);
        _told.Clear();
        _listener.RecordObservableInstruments();
    }

    private double Told(string series) => _told[series];

    /// <summary>The names of the resources that are named.</summary>
    private IEnumerable<string> Named() => _told.Keys
        .Where(series => series.StartsWith("clustergrains.resource.trouble ", StringComparison.Ordinal)).Select(series => series.Split(' ')[3]);

    private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _told[string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => (string)tag.Value!)])] = value;

    private void Put(string name, string? summary, string phase = "Active", string kind = "SearchCluster") =>
        _index.Rows[name] = new IndexRow(kind, "search", name, $"uid-{name}", 1, "", phase, null, 1, null, summary, Noon.AddDays(-1));

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
