using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>One resource of one kind.</summary>
internal readonly record struct Address(ResourceKind Kind, ResourceKey Key)
{
    public override string ToString() => $"{Kind.Name} {Key}";
}
