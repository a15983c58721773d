using ClusterGrains.Datasets;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Clusters;

namespace ClusterGrains.Tests.Datasets;

public sealed class DatasetFindingsTests
{
    private static readonly SearchDatasetSpec Spec = DatasetSpecs.Read(
        """{"clusterRef":{"name":"search-a"},"alias":"products","source":{"uri":"s3://feeds"}}""", TimeSpan.Zero).Spec!;

    private static readonly Schedule Schedule =
        new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(3), Suspended: false);

    public static TheoryData<string> Waits => [.. FindingsPage.Codes("SearchDataset", "Waits")];

    public static TheoryData<string> Failures => [.. FindingsPage.Codes("SearchDataset", "Failures")];

    [Theory]
    [MemberData(nameof(Waits))]
    public void What_a_version_waits_for_is_a_finding_of_the_severity_that_the_page_says(string code)
    {
        var ledger = Ledgers.Looked(Ledgers.At, "v2") with
        {
            Candidate = Ledgers.Candidate("01A", UpdateStep.Approve),
            Blocked = new Trouble(code, "Seen.", Ledgers.At, 1),
        };
        var finding = Assert.Single(Of(ledger));

        Assert.Equal((code, FindingsPage.Row(code).Severity, Ledgers.At), (finding.Finding.Code, finding.Finding.Severity.ToString(), finding.Since));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void Why_a_version_failed_is_a_finding_of_the_severity_that_the_page_says(string code)
    {
        var ledger = Ledgers.Looked(Ledgers.At, "v2") with
        {
            Published = Ledgers.Published(at: Ledgers.At.AddDays(-1)),
            Failed = new FailedVersion("v2", "f", 1, code, "Seen.", Ledgers.At, 1, null),
        };
        var finding = Assert.Single(Of(ledger));

        Assert.Equal((code, FindingsPage.Row(code).Severity, "v2"), (finding.Finding.Code, finding.Finding.Severity.ToString(), finding.Finding.Object));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void The_third_time_in_a_row_is_worth_a_finding_of_its_own(int count, int findings)
    {
        var failed = Ledgers.Looked(Ledgers.At, "v2") with
        {
            Published = Ledgers.Published(at: Ledgers.At.AddDays(-1)),
            Failed = new FailedVersion("v2", "f", 1, DatasetCodes.IndexLost, "Seen.", Ledgers.At, count, null),
        };
        var waiting = Ledgers.Looked(Ledgers.At, "v2") with
        {
            Candidate = Ledgers.Candidate("01A", UpdateStep.Plan),
            Blocked = new Trouble(DatasetCodes.DiskFull, "Seen.", Ledgers.At, count),
        };

        Assert.All([failed, waiting], ledger => Assert.Equal(findings, Of(ledger).Count()));
    }

    private static IEnumerable<OpenFinding> Of(DatasetLedger ledger)
    {
        var state = new ResourceState<SearchDatasetWork>
        {
            Phase = ResourcePhase.Active,
            Accepted = new AcceptedSpec(1, "{}"),
            Work = new SearchDatasetWork { Ledger = ledger },
        };
        return DatasetFindings.Of(new DatasetView(state, Spec, Schedule, Ledgers.At));
    }
}
