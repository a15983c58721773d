namespace ClusterGrains.Clusters;

/// <summary>The closed list of names in <see cref="CheckOutcome.Metrics"/>; docs/findings.md explains them.</summary>
public static class FactNames
{
    public const string Nodes = "nodes";
    public const string DataNodes = "dataNodes";
    public const string Shards = "shards";
    public const string PrimaryShards = "primaryShards";
    public const string UnassignedShards = "unassignedShards";
    public const string InitializingShards = "initializingShards";
    public const string RelocatingShards = "relocatingShards";
    public const string PendingTasks = "pendingTasks";
    public const string DiskMaxUsedPercent = "diskMaxUsedPercent";
    public const string DiskTotalBytes = "diskTotalBytes";
    public const string DiskAvailableBytes = "diskAvailableBytes";
    public const string HeapMaxUsedPercent = "heapMaxUsedPercent";
}
