namespace ClusterGrains.History;

/// <summary>What is known of the audits of the whole history.</summary>
[GenerateSerializer, Immutable, Alias("ClusterGrains.HistoryAuditNews")]
public sealed record HistoryAuditNews
{
    /// <summary>When the last audit that looked at everything there is to read began; null when none ever did.</summary>
    [Id(0)]
    public DateTimeOffset? LastComplete { get; init; }

    /// <summary>Records that it did not find.</summary>
    [Id(1)]
    public long Missing { get; init; }

    /// <summary>Resources of which it did not find some.</summary>
    [Id(2)]
    public int Resources { get; init; }

    /// <summary>Why no audit could look at everything since, with the cure; null when none was tried in vain.</summary>
    [Id(3)]
    public string? Failure { get; init; }

    /// <summary>Resources that it could not judge, for their stored states cannot be read.</summary>
    [Id(4)]
    public int Unread { get; init; }
}
