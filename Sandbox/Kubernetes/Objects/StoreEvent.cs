using ClusterGrains.Sandbox.Kubernetes.Definitions;

namespace ClusterGrains.Sandbox.Kubernetes.Objects;

/// <summary>One change. Of a deletion, <see cref="Current"/> is the last state, under the revision of the deletion.</summary>
internal sealed record StoreEvent(
    long Revision, ResourceDefinition Definition, ChangeType Type, StoredObject Current, StoredObject? Previous)
{
    private byte[]? _line;

    /// <summary>The event as every watcher without selector or table sees it; made once for all of them.</summary>
    public byte[] Line => _line ??= WatchLine.Of(Type, Current.Json);
}

internal enum ChangeType
{
    Added,
    Modified,
    Deleted,
}
