using System.Collections.Immutable;

namespace ClusterGrains.Verification;

/// <summary>Decides one promise from what was seen. Pure: no clock, no network, no logger.</summary>
internal delegate IEnumerable<Violation> Invariant(Snapshot seen);

/// <summary>Everything that must be true at any moment, whatever happened to silos, stores and networks.</summary>
internal static class Invariants
{
    public static readonly ImmutableArray<Invariant> All =
    [
        RowInvariant.Readable,
        RowInvariant.Columns,
        RowInvariant.Bounds,
        EpochInvariant.Check,
        EditInvariant.Check,
        ReminderInvariant.Check,
        NumberInvariant.Check,
        RecordInvariant.Check,
        RunInvariant.Check,
        TombstoneInvariant.Check,
        StatusInvariant.Check,
        StatusInvariant.Bounds,
        AliasInvariant.Check,
        UpdateInvariant.Check,
    ];

    /// <summary>Of these, the ones that silos bring about again after a fault: while none runs, or one is about to, they may be broken.</summary>
    public static readonly ImmutableArray<string> Converging =
        [EpochInvariant.Name, EditInvariant.Name, ReminderInvariant.Name, StatusInvariant.Name];

    public static ImmutableArray<Violation> Judge(Snapshot seen) => [.. All.SelectMany(invariant => invariant(seen))];
}
