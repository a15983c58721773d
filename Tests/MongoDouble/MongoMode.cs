namespace ClusterGrains.Tests.MongoDouble;

/// <summary>What the double says it is: the driver treats the two differently.</summary>
internal enum MongoMode
{
    /// <summary>No replica set, and so no retryable writes.</summary>
    Standalone,

    /// <summary>The primary and only member of a replica set: the driver numbers its writes and sends lost ones again.</summary>
    ReplicaSet,
}
