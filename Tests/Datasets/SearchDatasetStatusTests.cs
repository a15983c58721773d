using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Schemas;
using ClusterGrains.Status;
using CsCheck;

namespace ClusterGrains.Tests.Datasets;

public sealed class SearchDatasetStatusTests
{
    private static readonly SearchDatasetSpec Spec = DatasetSpecs.Read(
        """{"clusterRef":{"name":"search-a"},"alias":"products","source":{"uri":"s3://feeds","expectNewWithin":"1h"}}""", TimeSpan.Zero).Spec!;

    private static readonly Schedule Schedule =
        new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(3), Suspended: false);

    /// <summary>Everything that makes JSON longer than it looks.</summary>
    private static readonly string[] Long = ["\"", "\\", "\n", "\u001b[31m", "ü", "日本", "😀", "\ud800", "\u2028", "<&>"];

    private static readonly Gen<string> Nasty = Gen.OneOf(
        Gen.String[0, 2_000],
        Gen.Int[0, Long.Length - 1].Array[0, 800].Select(picks => string.Concat(picks.Select(pick => Long[pick]))));

    [Fact]
    public void Whatever_source_and_cluster_said_the_status_is_short_and_fits_the_schema()
    {
        var schema = Schema();
        Gen.Select(Nasty, Gen.Int[0, 60], Gen.Enum<UpdateStep>(), Gen.Double, Gen.Long[0, long.MaxValue / 4]).Sample(
            (text, many, step, number, count) =>
            {
                var document = Document(State(Ledger(text, many, step, number, count), text, many));

                Assert.InRange(StatusText.Bytes(document), 1, StatusText.MaxBytes);
                Fits(document, schema);
            },
            iter: 100);
    }

    [Fact]
    public void A_status_with_everything_in_it_is_declared_to_the_last_member()
    {
        var state = State(Ledger("x", 2, UpdateStep.Approve, 12.5, 7), "x", 0);
        var document = Document(state with
        {
            LastRun = new ClosedRun("01A", Ledgers.At, Ledgers.At, RunOutcome.Completed, 1),
            LastKey = "v1/history/x",
        });

        Assert.All(
            ["published", "candidate", "retained", "failed", "recent", "latestSeen", "lookedAt", "progress", "engineVersion", "lastRun", "nextRun"],
            member => Assert.NotNull(document[member]));
        Assert.NotNull(document["candidate"]!["verified"]!["hits"]);
        Fits(document, Schema());
    }

    [Fact]
    public void A_new_dataset_has_a_status_too() => Fits(Document(State(new DatasetLedger(), "", 0)), Schema());

    [Fact]
    public void Lists_say_why_a_dataset_waits_and_since_when()
    {
        var since = Ledgers.At.AddMinutes(-9);

        Assert.Equal(
            ("Waiting", "DiskFull", "No room.", "2026-01-02T02:51:00Z"),
            Listed(Ledgers.Looked(Ledgers.At) with { Blocked = new Trouble("DiskFull", "No room.", since, 2) }, Ledgers.At));
        Assert.Equal(
            ("Unknown", "SourceUnreadable", "No look at the source succeeded since 2026-01-02T03:00:00Z. Away.", "2026-01-02T03:03:00Z"),
            Listed(Ledgers.Looked(Ledgers.At) with { Blocked = new Trouble("SourceUnreadable", "Away.", since, 2) }, Ledgers.At.AddHours(1)));
        Assert.Equal(
            ("Loading", "Updating", "Version v2 is on its way in index products-v2-2.", "2026-01-02T03:00:00Z"),
            Listed(Ledgers.Looked(Ledgers.At, "v2") with { Candidate = Ledgers.Candidate("run") }, Ledgers.At.AddMinutes(1)));
        Assert.Equal(
            ("Promoted", "UpToDate", "Readers see version v1 in index products-v1-1.", null),
            Listed(Ledgers.Looked(Ledgers.At, "v1") with { Published = Ledgers.Published() }, Ledgers.At.AddMinutes(1)));
    }

    private static (string?, string?, string?, string?) Listed(DatasetLedger ledger, DateTimeOffset now)
    {
        var summary = JsonNode.Parse(SearchDatasetJudgement.Of(State(ledger, "", 0) with { Work = new() { Ledger = ledger } }, Spec, Schedule, now).Summary!)!;
        return ((string?)summary["verdict"], (string?)summary["reason"], (string?)summary["message"], (string?)summary["since"]);
    }

    private static Schema Schema() => new ResourceCatalog(ResourceCatalog.EmbeddedCrds()).FindKind("clustergrains.io/v1alpha1", "SearchDataset")!
        .Schema.Child("status")!;

    /// <summary>As it is after its way over the wire.</summary>
    private static void Fits(JsonObject document, Schema schema)
    {
        var sent = (JsonObject)JsonNode.Parse(StatusText.Write(document))!;

        Assert.Empty(SchemaValidation.Check(sent, schema));
        Assert.Empty(Pruning.Apply(sent, schema));
    }

    private static JsonObject Document(ResourceState<SearchDatasetWork> state) =>
        SearchDatasetStatus.Document(SearchDatasetJudgement.Of(state, Spec, Schedule, Ledgers.At + TimeSpan.FromDays(1)));

    private static DatasetLedger Ledger(string text, int many, UpdateStep step, double number, long count) =>
        Ledgers.Looked(Ledgers.At, text) with
        {
            EngineVersion = text,
            Published = Ledgers.Published(text) with { Docs = count },
            Retained = [.. Enumerable.Range(0, many).Select(i => Ledgers.Published($"{text}{i}"))],
            Candidate = Ledgers.Candidate(text, step, text) with
            {
                DocsPerSecond = number,
                Eta = Ledgers.At,
                Verified = new VerifiedNumbers(count, count, number, count, ImmutableSortedDictionary.CreateRange(
                    Enumerable.Range(0, many).Select(i => KeyValuePair.Create($"{text}{i}", count)))),
            },
            Blocked = new Trouble(text, text, Ledgers.At, many),
            Failed = new FailedVersion(text, text, 1, text, text, Ledgers.At, many, Ledgers.At),
            Drift = new AliasDrift(text, Ledgers.At),
            Orphans = [.. Enumerable.Range(0, many).Select(i => $"{text}{i}")],
            Notes = [.. Enumerable.Range(0, many).Select(i => new Finding { Code = $"{text}{i}", Severity = Severity.Warning, Object = text, Message = text })],
        };

    private static ResourceState<SearchDatasetWork> State(DatasetLedger ledger, string text, int problems) => new()
    {
        Kind = "SearchDataset",
        Phase = ResourcePhase.Active,
        Revision = long.MaxValue / 2,
        Manifest = new Manifest
        {
            Namespace = new string('n', 63),
            Name = new string('m', 63),
            Uid = Guid.Empty.ToString(),
            Generation = long.MaxValue,
            ResourceVersion = "1",
            CreatedAt = Ledgers.At,
            Spec = "{}",
        },
        Accepted = new AcceptedSpec(1, "{}"),
        Problems = [.. Enumerable.Range(0, problems).Select(_ => new SpecProblem(text, text, text))],
        NextDue = Ledgers.At,
        Outbox = new Outbox { Line = int.MaxValue / 4, Seq = long.MaxValue / 4 },
        Work = new SearchDatasetWork
        {
            Ledger = ledger,
            Recent = ledger.Published is null ? [] :
            [
                .. Enumerable.Range(0, SearchDatasetWork.MaxRecent).Select(i => new EndedUpdate(
                    text, text, text, UpdateResult.Failed, text, ledger.Published.Docs, i, Ledgers.At, text)),
            ],
        },
    };
}
