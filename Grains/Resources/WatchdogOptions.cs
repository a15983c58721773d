namespace ClusterGrains.Resources;

/// <summary>The watchdog's constants. No settings: tests replace them, nobody else has a reason to.</summary>
internal sealed record WatchdogOptions
{
    /// <summary>How often every silo looks for late resources.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Late resources that one round wakes, those with a damaged row apart.</summary>
    public int MaxLate { get; init; } = 1_000;

    /// <summary>Grain calls under way at once.</summary>
    public int MaxWakes { get; init; } = 64;

    /// <summary>How often one silo of all compares the reminders with the index.</summary>
    public TimeSpan AuditPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How soon what a silo left is tried again: the others need a moment to agree that it is gone.</summary>
    public TimeSpan RescuePause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After this many tries the rounds see to what is left, once it is late.</summary>
    public int RescueTries { get; init; } = 30;

    /// <summary>How long after a silo came or went: reminders find their silos in seconds.</summary>
    public TimeSpan HandoverTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Between two of these rounds at least.</summary>
    public TimeSpan HandoverPause { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>Between two of these rounds at most, however long reading all rows takes.</summary>
    public TimeSpan HandoverMaxPause { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Rounds under way at once: those that hang on a silo that is just ending, and one more.</summary>
    public int HandoverRounds { get; init; } = 4;

    /// <summary>A turn that is due for so long was missed: a reminder ticks half a second into its slot at the latest.</summary>
    public TimeSpan HandoverGrace { get; init; } = TimeSpan.FromSeconds(0.6);
}
