namespace ClusterGrains.Access;

/// <summary>What is said about callers; never who they are, never their tokens. Ids 2100-2199.</summary>
internal static partial class AccessLog
{
    [LoggerMessage(2100, LogLevel.Warning, "Callers are answered 503, because the API server does not say who they are or what they may: {Failure}")]
    public static partial void ReviewsFail(this ILogger logger, string failure);

    [LoggerMessage(2101, LogLevel.Information, "The API server answers again who callers are and what they may")]
    public static partial void ReviewsWork(this ILogger logger);

    [LoggerMessage(2102, LogLevel.Warning, "Too much is asked about {Whose} at a time: who asks more is answered 503. The API server answers; clustergrains.access.reviews counts them as full")]
    public static partial void TurnedAway(this ILogger logger, string whose);
}
