namespace ClusterGrains.Resources;

/// <summary>What the adapters of the API server say. Ids 1050-1099.</summary>
internal static partial class KubernetesLog
{
    [LoggerMessage(1050, LogLevel.Warning, "Dropped the Event {Reason} of {Resource}: {Failure}")]
    public static partial void EventRefused(this ILogger logger, string reason, ResourceKey resource, string failure);
}
