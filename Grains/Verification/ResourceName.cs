using ClusterGrains.Resources;

namespace ClusterGrains.Verification;

/// <summary>One resource of one kind.</summary>
/// <param name="Kind">Name of the <see cref="ResourceKind"/>.</param>
internal readonly record struct ResourceName(string Kind, ResourceKey Key)
{
    public override string ToString() => $"{Kind} {Key}";
}
