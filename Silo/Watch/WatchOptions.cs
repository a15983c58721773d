namespace ClusterGrains.Watch;

/// <summary>The constants of relay and sweep. No settings: tests replace them, nobody else has a reason to.</summary>
internal sealed record WatchOptions
{
    /// <summary>
    /// A watch without a line for this long is dead. The API server sends a bookmark about every 60 s and keeps the events
    /// of 75 s in its cache, so a reconnect after this long usually misses nothing.
    /// </summary>
    public TimeSpan InactivityDeadline { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>A watch is asked to end after a random time between this and <see cref="LongestWatch"/>, as client-go does.</summary>
    public TimeSpan ShortestWatch { get; init; } = TimeSpan.FromSeconds(300);

    public TimeSpan LongestWatch { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>How much longer than asked a watch may go on before it is cut off here.</summary>
    public TimeSpan EndGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Objects per page of a list.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Bytes of one page; far above 500 objects of the sizes our schema admits.</summary>
    public int MaxPage { get; init; } = 64 << 20;

    /// <summary>Bytes of one watch event; etcd takes objects of at most 1.5 MB.</summary>
    public int MaxLine { get; init; } = 4 << 20;

    /// <summary>Grain calls under way at once.</summary>
    public int MaxDeliveries { get; init; } = 64;

    /// <summary>How often every silo asks the relay whether it is there.</summary>
    public TimeSpan NudgePeriod { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A relay whose silo has had no answer from the API server for this long is moved.</summary>
    public TimeSpan DeafAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>After this many failures in a row a watch is not resumed any more but listed anew.</summary>
    public int ResumeAttempts { get; init; } = 3;

    /// <summary>How long after a difference was seen the sweep looks again; what the relay tells meanwhile is no drift.</summary>
    public TimeSpan SweepRecheck { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Repairs that a sweep of one target names in the log; of the others it tells the number.</summary>
    public int MaxReportedDrift { get; init; } = 20;

    /// <summary>After so many failed repairs a sweep of one target gives up until the next one.</summary>
    public int MaxFailedRepairs { get; init; } = 64;
}
