using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using ClusterGrains.Tests.Datasets;
using ClusterGrains.Tests.History;
using ClusterGrains.Verification;

namespace ClusterGrains.Tests.Verification;

/// <summary>What a stored row says, by the grains' own state and serializer.</summary>
public sealed class StoredKindTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly StateSerializer Json = new([SearchClusterJson.Default, SearchDatasetJson.Default]);
    private static readonly CheckOptions Checks = new();

    [Fact]
    public void A_row_says_what_its_state_says()
    {
        var state = Cluster() with { Outbox = new Outbox().Add(Records.Check("a")) };
        state = state with { LastKey = state.Outbox.Entries[0].Key, LastRun = new ClosedRun("run", At, At, RunOutcome.Completed) };

        var row = Read(state);

        Assert.Null(row.Damage);
        Assert.Equal("SearchCluster prod/logs", row.Resource.ToString());
        Assert.Equal(("a", ResourcePhase.Active, 3L), (row.Uid, row.Phase, row.Revision));
        Assert.Equal(("searchcluster.prod.logs.a", 1, 1L, new DateOnly(2026, 3, 1)), (row.Epoch, row.Line, row.Seq, row.LastDay));
        Assert.Equal(Stamp.Of(state.Manifest!), row.Stamp);
        Assert.Equal("run", row.LastRun!.RunId);
        Assert.Equal((RecordKind.Check, 1L), (Assert.Single(row.Pending).Name.Record, row.Pending[0].Name.Seq));
        Assert.Equal(3, (long)JsonNode.Parse(row.Shown.Span)!["revision"]!);
        Assert.Empty(row.Columns);
        Assert.Empty(row.Oversize);
    }

    [Theory]
    [InlineData("""{"endpoints":["http://a:9200"],"schedule":{"interval":"5m"}}""", 300)]
    [InlineData("""{"endpoints":["http://a:9200"],"schedule":{"interval":"1s"}}""", 30)]
    [InlineData("unreadable", 30)]
    [InlineData(null, 30)]
    public void The_reminder_has_the_period_of_the_accepted_spec(string? spec, int seconds)
    {
        var row = Read(Cluster() with { Accepted = spec is null ? null : new AcceptedSpec(1, spec) });

        Assert.Equal(TimeSpan.FromSeconds(seconds), row.Period);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"phase":"Unheard"}""")]
    [InlineData("{}")]
    [InlineData("""{"phase":"Active","outbox":null,"manifest":{"namespace":"prod","name":"logs","uid":"a","generation":1,"resourceVersion":"1","createdAt":"2026-01-01T00:00:00Z","spec":"{}"}}""")]
    public void A_document_that_cannot_be_read_is_damaged(string document) => Assert.NotNull(
        StoredKind.Of("searchcluster/prod/logs")!.Read(
            new StateRow(new StateKey("searchcluster/prod/logs", "searchcluster"), "etag", 1, null, document), Json, Checks).Damage);

    [Fact]
    public void A_row_whose_document_could_not_even_be_fetched_is_damaged() =>
        Assert.Equal("no etag", StoredKind.All[0].Read(Row(Cluster()) with { Damage = "etag" }, Json, Checks).Damage);

    [Fact]
    public void Columns_that_cannot_be_read_are_named()
    {
        var row = Row(Cluster());

        var columns = StoredKind.All[0].Read(row with { Index = row.Index! with { Damage = "claim" } }, Json, Checks).Columns;

        Assert.Equal(["columns that cannot be read: 'claim' instead of nothing"], columns);
    }

    [Fact]
    public void Each_column_that_differs_is_named()
    {
        var state = Cluster() with { NextDue = At, LateAt = At.AddMinutes(1), Silo = "silo" };
        var row = Row(state);
        var other = new IndexRow("Other", "dev", "x", "b", 9, "intent", "Retired", At.AddSeconds(1), 7, "claim", "{}", At.AddDays(1), At, "else");

        var columns = StoredKind.All[0].Read(row with { Index = other, SchemaVersion = 2 }, Json, Checks).Columns;

        Assert.Equal(
            ["schemaVersion", "kind", "namespace", "name", "uid", "generation", "intent", "phase", "nextDue", "revision", "claim", "summary", "createdAt", "lateAt", "silo"],
            columns.Select(column => column.Split(':')[0]));
        Assert.Equal(["columns"], StoredKind.All[0].Read(row with { Index = null }, Json, Checks).Columns.Select(column => column.Split(':')[0]));
    }

    [Fact]
    public void Columns_from_before_they_were_kept_do_not_differ()
    {
        var state = Cluster() with { NextDue = At, LateAt = null };
        var row = Row(state);

        Assert.Empty(StoredKind.All[0].Read(row with { Index = row.Index! with { LateAt = At, CreatedAt = null } }, Json, Checks).Columns);
    }

    [Fact]
    public void A_row_of_another_resource_under_this_key_is_told()
    {
        var row = Row(Cluster() with { Manifest = Cluster().Manifest! with { Name = "other" } });

        Assert.Equal(["name", "name of the document"], StoredKind.All[0].Read(row, Json, Checks).Columns.Select(column => column.Split(':')[0]));
    }

    [Fact]
    public void An_outbox_past_its_bound_is_told_unless_nothing_in_it_could_be_folded()
    {
        var entries = Enumerable.Range(1, 3).Select(seq => HistoryObject.Seal(Records.Check("a", bulk: 200_000, seed: seq) with { Seq = seq })).ToList();
        Assert.Equal("outbox", Assert.Single(Read(Cluster() with { Outbox = new Outbox { Seq = 3, Entries = [.. entries] } }).Oversize).What);

        var updates = Enumerable.Range(1, 3).Select(seq => HistoryObject.Seal(Records.Check("a", bulk: 200_000, seed: seq) with
        {
            Seq = seq, Record = RecordKind.Update,
        }));
        Assert.Empty(Read(Cluster() with { Outbox = new Outbox { Seq = 3, Entries = [.. updates] } }).Oversize);
    }

    [Fact]
    public void A_row_that_is_larger_than_its_parts_account_for_is_told() => Assert.Equal(
        "row", Assert.Single(Read(Cluster() with { Work = new SearchClusterWork { Message = new string('x', 600_000) } }).Oversize).What);

    [Fact]
    public void A_dataset_says_what_its_alias_shows()
    {
        var published = Ledgers.Published();
        var ledger = new DatasetLedger { ClusterUuid = "uuid", Claim = "uuid/products", Published = published };

        Assert.Equal(["products-v1-1"], Facts(ledger).Shows);
        Assert.Equal(("products", "uuid", "logs"), (Facts(ledger).Alias, Facts(ledger).ClusterUuid, Facts(ledger).Cluster));
        Assert.Equal(
            ["products-v1-1", "x,y"], Facts(ledger with { Drift = new AliasDrift("x, y", At) }).Shows);
        Assert.Empty(Facts(ledger with { Published = null }).Shows);
        Assert.Empty(Facts(ledger, ResourcePhase.Retiring).Shows);

        var candidate = Ledgers.Candidate("run", UpdateStep.Promote) with { Expected = "products-v1-1" };
        Assert.Equal(["products-v1-1", "products-v2-2"], Facts(ledger with { Candidate = candidate }).Shows);
        Assert.Equal("run", Facts(ledger with { Candidate = candidate }).Candidate);
        Assert.Equal(["products-v1-1"], Facts(ledger with { Candidate = candidate with { Step = UpdateStep.Load } }).Shows);
    }

    private static DatasetFacts Facts(DatasetLedger ledger, ResourcePhase phase = ResourcePhase.Active)
    {
        var state = new ResourceState<SearchDatasetWork>
        {
            Kind = SearchDatasets.Kind.Name,
            Phase = phase,
            Manifest = Manifest("products"),
            Accepted = new AcceptedSpec(1, """{"clusterRef":{"name":"logs"},"alias":"products","source":{"uri":"s3://bucket/products"}}"""),
            Work = new SearchDatasetWork { Ledger = ledger },
        };
        var row = new StateRow(
            new StateKey("searchdataset/prod/products", "searchdataset"), "etag", 1, state.Index, Json.Serialize(state).ToString());
        return StoredKind.Of(row.Key.GrainId)!.Read(row, Json, Checks).Dataset!;
    }

    private static RowFacts Read(ResourceState<SearchClusterWork> state) => StoredKind.All[0].Read(Row(state), Json, Checks);

    private static StateRow Row(ResourceState<SearchClusterWork> state) =>
        new(new StateKey("searchcluster/prod/logs", "searchcluster"), "etag", 1, state.Index, Json.Serialize(state).ToString());

    private static ResourceState<SearchClusterWork> Cluster() => new()
    {
        Kind = SearchClusters.Kind.Name,
        Phase = ResourcePhase.Active,
        Manifest = Manifest("logs"),
        Revision = 3,
    };

    private static Manifest Manifest(string name) => new()
    {
        Namespace = "prod", Name = name, Uid = "a", Generation = 1, ResourceVersion = "1", CreatedAt = At, Spec = "{}",
    };
}
