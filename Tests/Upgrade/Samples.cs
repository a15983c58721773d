using System.Collections.Immutable;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Datasets;
using ClusterGrains.Watch;

namespace ClusterGrains.Tests.Upgrade;

/// <summary>One of everything that is passed to or returned from a grain, with every member set.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1));

    private static readonly Finding Finding = new() { Code = "DiskHigh", Severity = Severity.Critical, Object = "data-0", Message = "91 % → 90 %." };

    private static readonly ClusterIdentity Identity = new("OpenSearch", "2.19.1", "logs", "uuid-1");

    public static IReadOnlyList<object> All { get; } =
    [
        new Manifest
        {
            Namespace = "prod",
            Name = "logs",
            Uid = "7c7fa3a6-2b0f-4a57-9f0b-2f5c3d1e0001",
            Generation = 3,
            ResourceVersion = "4711",
            CreatedAt = Now.AddDays(-1),
            Spec = """{"endpoints":["https://search.test:9200"]}""",
            Annotations = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("clustergrains.io/run-now", "1"),
        },
        new CheckOutcome
        {
            FinishedAt = Now,
            Answered = true,
            CredentialsValid = false,
            Findings = [Finding],
            Identity = Identity,
            Health = "yellow",
            Metrics = ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal).Add("nodes", 3),
            Endpoint = "https://search.test:9200",
        },
        new ClusterAccess
        {
            Spec = "{}", PinnedUuid = "uuid-1", Verdict = Verdict.Critical, Reason = "DiskHigh", Message = "91 %.", Identity = Identity,
        },
        new RunReport(Ledger(), new UpdateEnd
        {
            Result = UpdateResult.Superseded,
            Candidate = Ledgers.Candidate("01KE0000000000000000000001"),
            Code = DatasetCodes.NewerVersion,
            Message = "v3 came.",
            Replaced = "products-v1-1",
            Pruned = ["products-v0-1"],
        }),
        new MissingRecords(Now, 3, "1:4-6"),
        new HistoryAuditNews { LastComplete = Now, Missing = 3, Resources = 2, Failure = "The store is down.", Unread = 1 },
        new WatchState
        {
            Kind = "SearchCluster", Namespace = "prod", Since = Now, LastAnswer = Now, LastList = Now, LastLine = Now, Problem = "It is away.",
        },
        Repairs.Reminder | Repairs.Turn | Repairs.Columns,
    ];

    private static DatasetLedger Ledger() => Ledgers.Full(Now) with
    {
        Notes = [Finding],
        Adopted = "v1",
        AdoptHandled = "v0",
        HeldUpTo = "v9",
    };
}
