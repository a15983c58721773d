namespace ClusterGrains.Sandbox.Kubernetes.Objects;

/// <summary>The store holds as many objects as it may; the write did not happen.</summary>
internal sealed class StoreFullException(int maximum)
    : Exception($"etcdserver: mvcc: database space exceeded (this sandbox holds at most {maximum} objects)");
