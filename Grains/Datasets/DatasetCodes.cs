namespace ClusterGrains.Datasets;

/// <summary>
/// The closed list of what can be said of a dataset: findings, reasons for waiting, reasons for failing.
/// docs/findings.md says of each when it appears and what to do; a test compares the two.
/// </summary>
public static class DatasetCodes
{
    // Waits: nothing is lost, the next run tries again.
    public const string ClusterNotFound = nameof(ClusterNotFound);
    public const string ClusterNotKnown = nameof(ClusterNotKnown);
    public const string ClusterNotReady = nameof(ClusterNotReady);
    public const string ClusterUnreachable = nameof(ClusterUnreachable);
    public const string AnotherCluster = nameof(AnotherCluster);
    public const string EngineTooOld = nameof(EngineTooOld);
    public const string SourceUnreadable = nameof(SourceUnreadable);
    public const string AliasClaimed = nameof(AliasClaimed);
    public const string AliasIsIndex = nameof(AliasIsIndex);
    public const string AliasDrift = nameof(AliasDrift);
    public const string TemplateInterferes = nameof(TemplateInterferes);
    public const string DiskFull = nameof(DiskFull);
    public const string ShardLimit = nameof(ShardLimit);
    public const string IndexBlocked = nameof(IndexBlocked);
    public const string IndexNotReady = nameof(IndexNotReady);
    public const string HistoryUnavailable = nameof(HistoryUnavailable);
    public const string ConfigMapMissing = nameof(ConfigMapMissing);
    public const string ApprovalPending = nameof(ApprovalPending);
    public const string PinUnavailable = nameof(PinUnavailable);
    public const string Queued = nameof(Queued);
    public const string RunFailed = nameof(RunFailed);

    // Failures: the version is given up, the alias stays.
    public const string SourceChanged = nameof(SourceChanged);
    public const string SourceCorrupt = nameof(SourceCorrupt);
    public const string SourceEmpty = nameof(SourceEmpty);
    public const string SourceUnusable = nameof(SourceUnusable);
    public const string ManifestMismatch = nameof(ManifestMismatch);
    public const string MarkerWithdrawn = nameof(MarkerWithdrawn);
    public const string IndexRefused = nameof(IndexRefused);
    public const string IndexLost = nameof(IndexLost);
    public const string ClusterReplaced = nameof(ClusterReplaced);
    public const string DeadlineExceeded = nameof(DeadlineExceeded);
    public const string TooManyRejected = nameof(TooManyRejected);
    public const string TooFewDocs = nameof(TooFewDocs);
    public const string Shrunk = nameof(Shrunk);
    public const string TooManyDuplicates = nameof(TooManyDuplicates);
    public const string CountMismatch = nameof(CountMismatch);
    public const string SmokeQueryFailed = nameof(SmokeQueryFailed);
    public const string SmokeQueryRefused = nameof(SmokeQueryRefused);

    // Given up for something better.
    public const string NewerVersion = nameof(NewerVersion);
    public const string SpecChanged = nameof(SpecChanged);
    public const string PinChanged = nameof(PinChanged);

    // Findings besides.
    public const string NoNewVersion = nameof(NoNewVersion);
    public const string SourceNotLookedAt = nameof(SourceNotLookedAt);
    public const string SameFailure = nameof(SameFailure);
    public const string NoProgress = nameof(NoProgress);
    public const string DocumentsRejected = nameof(DocumentsRejected);
    public const string OrphanIndices = nameof(OrphanIndices);
    public const string MarkerMissing = nameof(MarkerMissing);
    public const string ReloadIgnored = nameof(ReloadIgnored);
    public const string SpecRefused = nameof(SpecRefused);
    public const string NothingPublished = nameof(NothingPublished);
}
