using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Faults;

/// <summary>The moments around every effect of a resource grain, by name.</summary>
internal static class CrashPoint
{
    public const string None = "none";

    public const string Adopting = "state: adopt a manifest";
    public const string Opening = "state: open a run";
    public const string Closing = "state: close a run";
    public const string Interrupting = "state: close an interrupted run";
    public const string Retiring = "state: retire";
    public const string Retired = "state: retired";

    public const string Status = "status write";

    public static IEnumerable<string> Around(IEnumerable<string> effects) =>
        effects.SelectMany(effect => new[] { Before(effect), After(effect) });

    public static string Before(string effect) => $"before {effect}";

    public static string After(string effect) => $"after {effect}";

    /// <summary>Not the first time the point is reached once it is armed, but the n-th.</summary>
    public static string Nth(string point, int n) => $"{point} #{n}";

    public static string Putting(RecordKind kind) => $"PUT of a {kind.ToString().ToLowerInvariant()} record";

    /// <summary>Null for an object that is no record.</summary>
    public static string? Putting(string key)
    {
        foreach (var kind in Enum.GetValues<RecordKind>())
        {
            if (key.Contains($"record={kind.ToString().ToLowerInvariant()}/", StringComparison.Ordinal))
            {
                return Putting(kind);
            }
        }

        return null;
    }

    /// <summary>What a state write is for, from the state it replaces; null when it is none of the above.</summary>
    public static string? Write(StateFacts before, StateFacts after) => (before, after) switch
    {
        ({ Phase: not ResourcePhase.Retired }, { Phase: ResourcePhase.Retired }) => Retired,
        ({ Phase: not ResourcePhase.Retiring }, { Phase: ResourcePhase.Retiring }) => Retiring,
        _ when before.Manifest != after.Manifest => Adopting,
        ({ Ledger: { } ledger }, { Ledger: { } next }) when DatasetCrashPoint.Write(ledger, next) is { } move => move,
        ({ Run: null }, { Run: not null }) => Opening,
        ({ Run: not null }, { Run: null, Interrupted: true }) => Interrupting,
        ({ Run: not null }, { Run: null }) => Closing,
        _ => null,
    };
}
