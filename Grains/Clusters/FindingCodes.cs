namespace ClusterGrains.Clusters;

/// <summary>The closed list of codes. docs/findings.md says of each when it appears and what to do; a test compares the two.</summary>
public static class FindingCodes
{
    public const string SecretUnusable = nameof(SecretUnusable);
    public const string SecretUnreadable = nameof(SecretUnreadable);

    public const string NameNotResolved = nameof(NameNotResolved);
    public const string ConnectionFailed = nameof(ConnectionFailed);
    public const string AddressRefused = nameof(AddressRefused);
    public const string TlsFailed = nameof(TlsFailed);
    public const string Unauthorized = nameof(Unauthorized);
    public const string PermissionMissing = nameof(PermissionMissing);
    public const string RequestNotSupported = nameof(RequestNotSupported);
    public const string Throttled = nameof(Throttled);
    public const string RequestTimedOut = nameof(RequestTimedOut);
    public const string UnexpectedStatus = nameof(UnexpectedStatus);
    public const string BadAnswer = nameof(BadAnswer);
    public const string AnswerTooLarge = nameof(AnswerTooLarge);

    public const string ClusterUuidChanged = nameof(ClusterUuidChanged);
    public const string ClusterNotFormed = nameof(ClusterNotFormed);
    public const string EndpointsDisagree = nameof(EndpointsDisagree);
    public const string EngineMismatch = nameof(EngineMismatch);
    public const string VersionUnsupported = nameof(VersionUnsupported);
    public const string VersionUntested = nameof(VersionUntested);
    public const string ServerlessNotJudged = nameof(ServerlessNotJudged);

    public const string NoClusterManager = nameof(NoClusterManager);
    public const string StatusRed = nameof(StatusRed);
    public const string StatusYellow = nameof(StatusYellow);
    public const string SettledYellow = nameof(SettledYellow);
    public const string ShardsMoving = nameof(ShardsMoving);
    public const string NodesNotAnswering = nameof(NodesNotAnswering);

    public const string DiskFlood = nameof(DiskFlood);
    public const string DiskHigh = nameof(DiskHigh);
    public const string DiskLow = nameof(DiskLow);
    public const string WatermarksDisabled = nameof(WatermarksDisabled);

    public const string CheckTimedOut = nameof(CheckTimedOut);
    public const string CheckFailed = nameof(CheckFailed);
}
