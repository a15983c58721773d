using System.Collections.Immutable;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Datasets;

/// <summary>Plausible ledgers.</summary>
internal static class Ledgers
{
    public static readonly DateTimeOffset At = new(2026, 1, 2, 3, 0, 0, TimeSpan.Zero);

    public static DatasetLedger Looked(DateTimeOffset at, string? latest = null) => new()
    {
        ClusterUuid = "uuid-1",
        Engine = "OpenSearch",
        EngineVersion = "2.19.1",
        Look = new SourceLook(at, latest, at, latest is null ? 0 : 1),
    };

    public static Candidate Candidate(string runId, UpdateStep step = UpdateStep.Load, string version = "v2") => new()
    {
        RunId = runId,
        Version = version,
        Fingerprint = "f2",
        Recipe = "r",
        Index = $"products-{version}-2",
        IndexUuid = "i2",
        ClusterUuid = "uuid-1",
        StartedAt = At,
        Step = step,
        Files = 4,
        SourceBytes = 1_000,
        Position = new LoadPosition(1, 10, 100),
        Counts = new LoadCounts { Lines = 470, Acked = 470, Bytes = 4_700, SourceBytes = 470 },
        LoadStartedAt = At,
        MovedAt = At,
        Seconds = ImmutableSortedDictionary<string, double>.Empty.Add("Plan", 1.5),
    };

    public static KeptVersion Published(string version = "v1", DateTimeOffset? at = null) =>
        new(version, "f1", $"products-{version}-1", "i1", 1_000, at ?? At, "01KE0000000000000000000000");

    public static UpdateEnd End(Candidate candidate, UpdateResult result, string code = "", string message = "") =>
        new() { Candidate = candidate, Result = result, Code = code, Message = message };

    /// <summary>With something in nearly every member.</summary>
    public static DatasetLedger Full(DateTimeOffset now) => new()
    {
        ClusterUuid = "uuid-1",
        Engine = "OpenSearch",
        EngineVersion = "2.19.1",
        Claim = "uuid-1/products",
        ClaimedBy = "prod/other",
        Look = new SourceLook(now, "v2", now.AddHours(-1), 2) { Unmarked = "v3", UnmarkedSince = now.AddMinutes(-1), UnmarkedDigest = "d" },
        Published = Published(),
        Retained = [Published("v0")],
        Candidate = Candidate("01KE0000000000000000000002") with
        {
            Kind = UpdateKind.Reload,
            Expected = "products-v1-1",
            Baseline = 1_000,
            DocsPerSecond = 12.5,
            Eta = now.AddMinutes(3),
            Verified = new VerifiedNumbers(470, 1, 2.5, 10_000, ImmutableSortedDictionary<string, long>.Empty.Add("shoes", 7)),
        },
        Blocked = new Trouble(DatasetCodes.DiskFull, "No room.", now.AddMinutes(-9), 3),
        Failed = new FailedVersion("v1b", "f", 2, DatasetCodes.Shrunk, "Too few.", now.AddDays(-1), 1, now.AddHours(1)),
        Drift = new AliasDrift("other", now.AddMinutes(-2)),
        Orphans = ["products-v1b-9"],
        IndexNumber = 9,
        ReloadHandled = "v1",
        Notes = [new Finding { Code = DatasetCodes.SmokeQueryRefused, Severity = Severity.Info, Message = "Note." }],
    };
}
