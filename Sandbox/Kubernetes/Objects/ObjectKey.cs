namespace ClusterGrains.Sandbox.Kubernetes.Objects;

/// <summary>Where an object is within its kind. The namespace of cluster-scoped objects is empty.</summary>
internal readonly record struct ObjectKey(string Namespace, string Name) : IComparable<ObjectKey>
{
    public int CompareTo(ObjectKey other) => string.CompareOrdinal(Namespace, other.Namespace) switch
    {
        0 => string.CompareOrdinal(Name, other.Name),
        var order => order,
    };

    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";

    public static ObjectKey Parse(string text) =>
        text.Split('/', 2) is [var space, var name] ? new(space, name) : new("", text);
}
