using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Status;
using ClusterGrains.Storage;

namespace ClusterGrains.Tests.Datasets;

/// <summary>
/// The stored document of a SearchDataset. Rows outlive releases: a golden document stays readable for ever, and what
/// is written now is known to the letter. A new layout adds a golden file; it never edits one.
/// </summary>
public sealed class GoldenDatasetStateTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>As grain storage reads it.</summary>
    private static readonly StateSerializer Serializer = new([SearchDatasetJson.Default]);

    [Fact]
    public void The_golden_document_of_layout_1_is_read_as_it_was_meant()
    {
        var state = Read(Golden(1));

        Assert.Equal(Sample().Index, state.Index);
        Assert.Equal(SearchDatasetStatus.Document(Sample()).ToJsonString(), SearchDatasetStatus.Document(state).ToJsonString());
        Assert.Equal(Sample().Work.Ledger.Candidate!.Position, state.Work.Ledger.Candidate!.Position);
        Assert.Equal(Sample().Work.Ledger.Candidate!.Seconds.AsEnumerable(), state.Work.Ledger.Candidate.Seconds);
        Assert.Equal(Sample().Work.Ledger.Look, state.Work.Ledger.Look);
        Assert.Equal(Sample().LastRun, state.LastRun);
    }

    [Fact]
    public void What_is_written_now_is_the_golden_document_of_its_layout()
    {
        var written = Pretty(Serializer.Serialize(Sample()).ToString());
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "Datasets", "Golden", "searchdataset-state.json.actual"), written + "\n");

        Assert.Equal(Pretty(Golden(ResourceState<SearchDatasetWork>.CurrentSchema)), written);
    }

    [Fact]
    public void What_a_row_does_not_say_has_its_initial_value()
    {
        var row = JsonNode.Parse(Golden(1))!.AsObject();
        var ledger = row["work"]!["ledger"]!.AsObject();
        (_, _, _) = (ledger.Remove("retained"), ledger.Remove("orphans"), ledger.Remove("notes"));
        ledger["candidate"]!.AsObject().Remove("counts");
        row["work"]!.AsObject().Remove("recent");
        row["fromTheFuture"] = true;

        var work = Read(row.ToJsonString()).Work;

        Assert.Empty(work.Ledger.Retained);
        Assert.Empty(work.Ledger.Orphans);
        Assert.Empty(work.Ledger.Notes);
        Assert.Empty(work.Recent);
        Assert.Equal(new LoadCounts(), work.Ledger.Candidate!.Counts);
    }

    /// <summary>A state that uses every member.</summary>
    private static ResourceState<SearchDatasetWork> Sample()
    {
        var finding = new Finding { Code = DatasetCodes.DiskFull, Severity = Severity.Warning, Object = "v2", Message = "91 % used → no room." };
        return new ResourceState<SearchDatasetWork>
        {
            Kind = "SearchDataset",
            Phase = ResourcePhase.Active,
            Manifest = new Manifest
            {
                Namespace = "prod",
                Name = "products",
                Uid = "7c7fa3a6-2b0f-4a57-9f0b-2f5c3d1e0001",
                Generation = 3,
                ResourceVersion = "4711",
                CreatedAt = Now.AddDays(-1),
                Spec = "{}",
            },
            Accepted = new AcceptedSpec(2, "{}"),
            Revision = 42,
            LastRun = new ClosedRun("01KE0000000000000000000002", Now.AddMinutes(-5), Now.AddMinutes(-5), RunOutcome.Completed, 3),
            Run = new OpenRun("01KE0000000000000000000002", 4, Now, Now.AddMinutes(5)),
            NextDue = Now.AddMinutes(5),
            Conditions = [new Condition("Ready", Condition.True, "Published", "", Now, 3)],
            Outbox = new Outbox { Seq = 7 },
            Summary = """{"verdict":"Waiting"}""",
            Claim = "uuid-1/products",
            Work = new SearchDatasetWork
            {
                Ledger = Ledgers.Full(Now),
                Recent = [new EndedUpdate("01KE0000000000000000000000", "v1", "products-v1-1", UpdateResult.Promoted, "", 1000, 2, Now, "v1/history/x.json.gz")],
                Findings = [new OpenFinding(finding, Now.AddHours(-1))],
                Phase = DatasetPhase.Waiting,
                Reason = DatasetCodes.DiskFull,
                Message = finding.Message,
            },
        };
    }

    private static ResourceState<SearchDatasetWork> Read(string json) =>
        Serializer.Deserialize<ResourceState<SearchDatasetWork>>(BinaryData.FromString(json))!;

    private static string Golden(int layout) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Datasets", "Golden", $"searchdataset-state-{layout}.json"));

    private static string Pretty(string json) =>
        JsonNode.Parse(json)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" });
}
