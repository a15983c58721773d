using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Status;

namespace ClusterGrains.Tests.Clusters;

/// <summary>
/// The stored document of a SearchCluster. Rows outlive releases: a golden document stays readable for ever, and what
/// is written now is known to the letter. A new layout adds a golden file; it never edits one.
/// </summary>
public sealed class GoldenStateTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void The_golden_document_of_layout_1_is_read_as_it_was_meant()
    {
        var state = JsonSerializer.Deserialize(Golden(1), SearchClusterJson.Default.ResourceStateSearchClusterWork)!;

        Assert.Equal(Sample().Index, state.Index);
        Assert.Equal(Sample().Outbox.Entries[0].Body, state.Outbox.Entries[0].Body);
        Assert.Equal(Sample().Work.Findings, state.Work.Findings);
        Assert.Equal(SearchClusterStatus.Document(Sample()).ToJsonString(), SearchClusterStatus.Document(state).ToJsonString());
        Assert.False(state.Work.Attempt!.CredentialsValid);
    }

    [Fact]
    public void What_is_written_now_is_the_golden_document_of_its_layout()
    {
        var written = JsonSerializer.Serialize(Sample(), SearchClusterJson.Default.ResourceStateSearchClusterWork);

        Assert.Equal(Pretty(Golden(ResourceState<SearchClusterWork>.CurrentSchema)), Pretty(written));
    }

    [Fact]
    public void Members_that_a_newer_silo_added_are_passed_over()
    {
        var newer = JsonNode.Parse(Golden(1))!.AsObject();
        newer["fromTheFuture"] = new JsonObject { ["x"] = 1 };

        var state = JsonSerializer.Deserialize(newer, SearchClusterJson.Default.ResourceStateSearchClusterWork)!;

        Assert.Equal(Sample().Index, state.Index);
    }

    /// <summary>A state that uses every member.</summary>
    private static ResourceState<SearchClusterWork> Sample()
    {
        var finding = new Finding
        {
            Code = FindingCodes.DiskHigh, Severity = Severity.Critical, Object = "data-0", Message = "91 % used → 90 % allowed.",
        };
        var outcome = new CheckOutcome
        {
            FinishedAt = Now,
            Answered = true,
            Findings = [finding],
            Identity = new ClusterIdentity("OpenSearch", "2.19.1", "logs", "uuid-1"),
            Health = "yellow",
            Metrics = ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal).Add(FactNames.Nodes, 3),
            Endpoint = "https://search.test:9200",
        };
        return new ResourceState<SearchClusterWork>
        {
            Kind = "SearchCluster",
            Phase = ResourcePhase.Active,
            Manifest = Newest(),
            Accepted = new AcceptedSpec(2, """{"endpoints":["https://search.test:9200"]}"""),
            Problems = [new SpecProblem("spec.schedule.interval", "5s", "Write more.")],
            Revision = 42,
            Run = new OpenRun("01KE0000000000000000000001", 1, Now, Now.AddMinutes(1)),
            LastRun = new ClosedRun("01KE0000000000000000000000", Now.AddMinutes(-5), Now.AddMinutes(-5), RunOutcome.Completed),
            LastSlot = Now.AddMinutes(-1),
            RunWanted = true,
            RunNowHandled = "1",
            Outbox = new Outbox
            {
                Line = 2,
                Seq = 7,
                Entries =
                [
                    new OutboxEntry("v1/history/x.json.gz", RecordKind.Gap, "uid", 2, 7, [new SeqRange("uid", 2, 1, 6)], [1, 2, 3]),
                ],
            },
            HistoryFailure = new HistoryFailure(Now, "The store is down."),
            LastKey = "v1/history/x.json.gz",
            RetiredAt = Now.AddDays(1),
            NextDue = Now.AddMinutes(4),
            Conditions = [new Condition("Ready", Condition.True, "AcceptedAndAnswering", "", Now, 3)],
            Summary = """{"verdict":"Critical"}""",
            Work = new SearchClusterWork
            {
                PinnedUuid = "uuid-1",
                Answer = outcome,
                Attempt = outcome with { Answered = false, CredentialsValid = false, Identity = null },
                Findings = [new OpenFinding(finding, Now.AddHours(-1))],
                Verdict = Verdict.Critical,
                Reason = FindingCodes.DiskHigh,
                Message = finding.Message,
            },
        };
    }

    private static Manifest Newest() => new()
    {
        Namespace = "prod",
        Name = "logs",
        Uid = "7c7fa3a6-2b0f-4a57-9f0b-2f5c3d1e0001",
        Generation = 3,
        ResourceVersion = "4711",
        CreatedAt = Now.AddDays(-1),
        Spec = """{"endpoints":["https://search.test:9200"]}""",
        Annotations = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add(ResourceTransitions.RunNowAnnotation, "1"),
    };

    private static string Golden(int layout) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Clusters", "Golden", $"searchcluster-state-{layout}.json"));

    private static string Pretty(string json) =>
        JsonNode.Parse(json)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" });
}
