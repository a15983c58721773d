using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Faults;

/// <summary>The moments around every effect of a resource grain, by name.</summary>
internal static class CrashPoint
{
    public const string None = "none";

    private static readonly string[] Effects =
    [
        Adopting, Opening, Closing, Interrupting, Retiring, Retired,
        Putting(RecordKind.Check), Putting(RecordKind.Transition), Putting(RecordKind.Tombstone),
        Status,
    ];

    private const string Adopting = "state: adopt a manifest";
    private const string Opening = "state: open a run";
    private const string Closing = "state: close a run";
    public const string Interrupting = "state: close an interrupted run";
    private const string Retiring = "state: retire";
    private const string Retired = "state: retired";

    public const string Status = "status write";

    public static IEnumerable<string> All => Effects.SelectMany(effect => new[] { Before(effect), After(effect) });

    public static string Before(string effect) => $"before {effect}";

    public static string After(string effect) => $"after {effect}";

    public static string Putting(RecordKind kind) => $"PUT of a {kind.ToString().ToLowerInvariant()} record";

    public static string Putting(string key) =>
        Putting(Enum.GetValues<RecordKind>().First(kind => key.Contains($"record={kind.ToString().ToLowerInvariant()}/", StringComparison.Ordinal)));

    /// <summary>What a state write is for, from the state it replaces; null when it is none of the above.</summary>
    public static string? Write(ResourceState<SearchClusterWork> before, ResourceState<SearchClusterWork> after) => (before, after) switch
    {
        ({ Phase: not ResourcePhase.Retired }, { Phase: ResourcePhase.Retired }) => Retired,
        ({ Phase: not ResourcePhase.Retiring }, { Phase: ResourcePhase.Retiring }) => Retiring,
        _ when before.Manifest?.ResourceVersion != after.Manifest?.ResourceVersion => Adopting,
        ({ Run: null }, { Run: not null }) => Opening,
        ({ Run: not null }, { Run: null, LastRun.Outcome: RunOutcome.Interrupted }) => Interrupting,
        ({ Run: not null }, { Run: null }) => Closing,
        _ => null,
    };
}
