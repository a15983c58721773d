using System.Diagnostics.Metrics;

namespace ClusterGrains.Access;

/// <summary>What the API server was asked about callers. Answers that are still known are not asked for again, nor counted.</summary>
internal sealed class AccessMetrics
{
    public const string MeterName = "ClusterGrains.Access";

    private readonly Counter<long> _reviews;

    public AccessMetrics(IMeterFactory meters) => _reviews = meters.Create(MeterName).CreateCounter<long>(
        "clustergrains.access.reviews",
        "{review}",
        "Reviews of tokens and of rights that the API server was to be asked for, by review and outcome: granted, denied, failed, or full: not asked, because too many wait.");

    public void TokenReviewed(bool granted) => Count("token", granted);

    public void RightReviewed(bool granted) => Count("right", granted);

    /// <summary>There was no answer.</summary>
    public void Failed(Permission? permission) => Count(Review(permission), "failed");

    /// <summary>The API server was not asked.</summary>
    public void TurnedAway(Permission? permission) => Count(Review(permission), "full");

    private static string Review(Permission? permission) => permission is null ? "token" : "right";

    private void Count(string review, bool granted) => Count(review, granted ? "granted" : "denied");

    private void Count(string review, string outcome) => _reviews.Add(1, new("review", review), new("outcome", outcome));
}
