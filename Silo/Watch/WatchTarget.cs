using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>What one list and one watch cover.</summary>
/// <param name="Namespace">Null for the whole cluster.</param>
internal sealed record WatchTarget(ResourceKind Kind, string? Namespace)
{
    public ApiTarget Collection => ApiTarget.Collection(Kind, Namespace);

    public bool Covers(string otherNamespace) => Namespace is null || Namespace == otherNamespace;

    public override string ToString() => Collection.ToString();
}
