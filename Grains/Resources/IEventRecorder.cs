namespace ClusterGrains.Resources;

/// <summary>Port: Kubernetes Events, shown by <c>kubectl describe</c>. Best effort: they are news, not a record.</summary>
public interface IEventRecorder
{
    /// <summary>Queues an event; never waits and never fails. The oldest is dropped, and counted, when the queue is full.</summary>
    void Record(ResourceEvent resourceEvent);
}

/// <param name="Uid">The epoch the event belongs to.</param>
/// <param name="Warning">Whether its type is <c>Warning</c> rather than <c>Normal</c>.</param>
/// <param name="Reason">PascalCase, at most 128 characters.</param>
/// <param name="Message">At most 1,024 bytes; longer ones are cut by the recorder.</param>
public sealed record ResourceEvent(
    ResourceKind Kind, ResourceKey Key, string Uid, bool Warning, string Reason, string Message);
