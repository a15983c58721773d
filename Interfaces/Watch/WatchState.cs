namespace ClusterGrains.Watch;

/// <summary>One kind's watch, of one namespace or of all.</summary>
[GenerateSerializer, Immutable, Alias("ClusterGrains.WatchState")]
public sealed record WatchState
{
    [Id(0)]
    public required string Kind { get; init; }

    /// <summary>Null for the whole cluster.</summary>
    [Id(1)]
    public string? Namespace { get; init; }

    /// <summary>When the relay that lives now began with it.</summary>
    [Id(2)]
    public required DateTimeOffset Since { get; init; }

    /// <summary>When the API server last said anything to that relay, a refusal too.</summary>
    [Id(3)]
    public DateTimeOffset? LastAnswer { get; init; }

    /// <summary>When it was last listed completely and compared with the index, by this relay or an earlier one.</summary>
    [Id(4)]
    public DateTimeOffset? LastList { get; init; }

    /// <summary>
    /// When the watch last gave a sign of life, of this relay or an earlier one: an event, a bookmark or a complete list.
    /// </summary>
    [Id(5)]
    public DateTimeOffset? LastLine { get; init; }

    /// <summary>What is wrong now, with its cure; null when nothing is.</summary>
    [Id(6)]
    public string? Problem { get; init; }
}
