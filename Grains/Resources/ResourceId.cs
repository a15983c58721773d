namespace ClusterGrains.Resources;

/// <summary>Which resource of which kind.</summary>
internal readonly record struct ResourceId(ResourceKind Kind, ResourceKey Key)
{
    public GrainId Grain => GrainId.Create(Kind.GrainType, Key.ToString());

    public override string ToString() => $"{Kind.Name} {Key}";
}
