using System.Globalization;
using ClusterGrains.Resources;

namespace ClusterGrains.Benchmarks.Faults;

/// <summary>Which fleet is disturbed, and how.</summary>
internal sealed record FaultsPlan
{
    /// <summary>The name of the random schedule.</summary>
    public const string Soak = "soak";

    /// <summary>The name of the schedule that is measured when no other is named.</summary>
    public const string Usual = "failover";

    /// <summary>The name of the schedule in which the storage is moved.</summary>
    public const string Move = "move";

    /// <summary><see cref="Usual"/>, <see cref="Move"/>, <see cref="Soak"/>, or the path of a file with a scenario.</summary>
    public required string Scenario { get; init; }

    public required int Silos { get; init; }

    public required int Clusters { get; init; }

    public required int Datasets { get; init; }

    /// <summary>Of all resources.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Of the soak.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Of the soak.</summary>
    public required int Seed { get; init; }

    /// <summary>A kill, a freeze longer than it takes to be given up, its end, and a rolling restart, each with time to show its gaps.</summary>
    public string Failover => string.Create(CultureInfo.InvariantCulture, $"""
        start {Silos} silos
        create {Clusters} clusters every {Durations.Format(Interval)}
        create {Datasets} datasets every {Durations.Format(Interval)}
        publish to all datasets
        wait until settled
        check invariants
        keep publishing
        wait {Times(2)}
        kill the relay's silo
        wait {Times(3)}
        start all silos again
        wait {Times(3)}
        freeze the relay's silo
        wait {Times(4)}
        thaw the frozen silo
        wait {Times(3)}
        {Rolled}
        wait {Times(3)}
        stop publishing
        wait until settled
        check invariants
        """);

    /// <summary>One silo on a file is stopped amid updates; on MongoDB they go on in several.</summary>
    public string Moved => string.Create(CultureInfo.InvariantCulture, $"""
        start 1 silo
        create {Clusters} clusters every {Durations.Format(Interval)}
        create {Datasets} datasets every {Durations.Format(Interval)}
        publish to all datasets
        wait until settled
        check invariants
        hold the loads
        publish to all datasets
        wait until a load is held
        stop silo 1
        move the store
        release the loads
        start silo 1
        start {Math.Max(1, Silos - 1)} silos
        wait until settled
        check invariants
        """);

    /// <summary>As <c>k8s/overlays/ha</c> replaces them: each <c>minReadySeconds</c> after the one before was ready.</summary>
    private string Rolled => string.Join("\nwait 15s\n", Enumerable.Range(1, Silos).Select(silo => $"restart silo {silo}"));

    private string Times(int factor) => Durations.Format(Interval * factor);
}
