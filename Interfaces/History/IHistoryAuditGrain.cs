namespace ClusterGrains.History;

/// <summary>One for the whole fleet: lets one silo at a time compare the history with the resources' states.</summary>
[Alias("ClusterGrains.IHistoryAuditGrain")]
public interface IHistoryAuditGrain : IGrainWithIntegerKey
{
    /// <summary>Begins an audit if one is due. Returns at once; the question alone brings the grain back when its silo died.</summary>
    /// <returns>What the audits until now have found.</returns>
    [Alias("Nudge")]
    Task<HistoryAuditNews> Nudge(CancellationToken cancellationToken);

    /// <summary>The grain's own audit has ended.</summary>
    [Alias("Ended")]
    Task Ended(HistoryAuditNews news, CancellationToken cancellationToken);
}
