using System.Text.Json.Nodes;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;
using ClusterGrains.Status;

namespace ClusterGrains.Tests.Datasets;

/// <summary>How a status reads; its bound and its schema have tests of their own.</summary>
public sealed class SearchDatasetDocumentTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly Schedule Schedule =
        new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(7), TimeSpan.FromMinutes(3), Suspended: false);

    /// <summary>Order says nothing in JSON; these are compared as a whole.</summary>
    private static readonly string[] Verdict =
        ["observedGeneration", "revision", "phase", "reason", "message", "retained", "recent", "findings"];

    [Fact]
    public void The_status_of_a_load_is_what_the_schema_promises()
    {
        var ledger = Ledgers.Looked(Now, "v2") with
        {
            Published = Ledgers.Published(),
            Retained = [Ledgers.Published("v0")],
            Candidate = Ledgers.Candidate("01KE0000000000000000000002") with { MovedAt = Now, DocsPerSecond = 12.4, Eta = Now.AddMinutes(2) },
        };
        var state = State(ledger) with { Run = new OpenRun("01KE0000000000000000000002", 3, Now, Now.AddMinutes(5)), NextDue = Now.AddMinutes(5) };

        var document = SearchDatasetStatus.Document(SearchDatasetJudgement.Of(state, Spec, Schedule, Now));

        Assert.Equal(
            """
            {"observedGeneration":1,"revision":0,"phase":"Loading","reason":"Updating","message":"Version v2 is on its way in index products-v2-2.","retained":[{"version":"v0","index":"products-v0-1","docs":1000,"at":"2026-01-02T03:00:00Z"}],"recent":[],"findings":[]}
            """.Trim(),
            StatusText.Write(new JsonObject(Verdict.Select(member => KeyValuePair.Create(member, document[member]?.DeepClone())))));
        Assert.Equal(
            """
            {"version":"v1","index":"products-v1-1","docs":1000,"at":"2026-01-02T03:00:00Z","runId":"01KE0000000000000000000000"}
            """.Trim(),
            StatusText.Write(document["published"]!));
        Assert.Equal(
            """
            {"version":"v2","index":"products-v2-2","runId":"01KE0000000000000000000002","attempt":3,"kind":"Load","step":"Load","startedAt":"2026-01-02T03:00:00Z","files":4,"filesDone":1,"sourceBytes":1000,"docsAcked":470,"docsRejected":0,"percent":47,"docsPerSecond":12,"eta":"2026-01-02T03:06:05Z"}
            """.Trim(),
            StatusText.Write(document["candidate"]!));
        Assert.Equal(("47%", "v2", "uuid-1"), ((string?)document["progress"], (string?)document["latestSeen"], (string?)document["clusterUuid"]));
    }

    [Fact]
    public void Only_progress_is_no_reason_to_write_at_once_and_a_step_is()
    {
        var first = Document(UpdateStep.Load, 470);

        Assert.True(Projection.SameContent(first, Document(UpdateStep.Load, 999)));
        Assert.False(Projection.SameContent(first, Document(UpdateStep.Settle, 470)));
    }

    private static JsonObject Document(UpdateStep step, long acked)
    {
        var candidate = Ledgers.Candidate("run", step);
        var ledger = Ledgers.Looked(Now, "v2") with
        {
            Published = Ledgers.Published(),
            Candidate = candidate with { MovedAt = Now, Counts = candidate.Counts with { Acked = acked, SourceBytes = acked }, DocsPerSecond = acked },
        };
        return SearchDatasetStatus.Document(SearchDatasetJudgement.Of(State(ledger), Spec, Schedule, Now));
    }

    private static SearchDatasetSpec Spec { get; } = DatasetSpecs.Read(
        """{"clusterRef":{"name":"search"},"alias":"products","source":{"uri":"file:///data/products"}}""", TimeSpan.Zero).Spec!;

    private static ResourceState<SearchDatasetWork> State(DatasetLedger ledger) => new()
    {
        Kind = "SearchDataset",
        Phase = ResourcePhase.Active,
        Manifest = new Manifest
        {
            Namespace = "prod",
            Name = "products",
            Uid = Guid.Empty.ToString(),
            Generation = 1,
            ResourceVersion = "1",
            CreatedAt = Now,
            Spec = "{}",
        },
        Accepted = new AcceptedSpec(1, "{}"),
        Work = new SearchDatasetWork { Ledger = ledger },
    };
}
