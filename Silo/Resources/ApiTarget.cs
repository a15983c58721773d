namespace ClusterGrains.Resources;

/// <summary>A collection, object or subresource in the API server.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Resource">The plural.</param>
/// <param name="Namespace">Null for the whole cluster.</param>
/// <param name="Name">Null for the collection.</param>
internal sealed record ApiTarget(
    string Group, string Version, string Resource, string? Namespace, string? Name = null, string? Subresource = null)
{
    public static ApiTarget Collection(ResourceKind kind, string? scope) =>
        new(ResourceKind.Group, ResourceKind.Version, kind.Plural, scope);

    public static ApiTarget Object(ResourceKind kind, ResourceKey key) =>
        Collection(kind, key.Namespace) with { Name = key.Name };

    public static ApiTarget Status(ResourceKind kind, ResourceKey key) => Object(kind, key) with { Subresource = "status" };

    public static ApiTarget Secret(string secretNamespace, string name) => new("", "v1", "secrets", secretNamespace, name);

    public static ApiTarget ConfigMap(string configMapNamespace, string name) => new("", "v1", "configmaps", configMapNamespace, name);

    public static ApiTarget Events(string eventNamespace) => new("", "v1", "events", eventNamespace);

    /// <summary>Relative to the server's base address.</summary>
    public string Path
    {
        get
        {
            var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
            var scope = Namespace is null ? "" : $"/namespaces/{Uri.EscapeDataString(Namespace)}";
            var name = Name is null ? "" : $"/{Uri.EscapeDataString(Name)}";
            var part = Subresource is null ? "" : $"/{Subresource}";
            return $"{root}{scope}/{Resource}{name}{part}";
        }
    }

    /// <summary>The RBAC rule that allows <paramref name="verb"/> here, as written in a Role.</summary>
    public string Rule(string verb)
    {
        var resource = Subresource is null ? Resource : $"{Resource}/{Subresource}";
        var role = Namespace is null ? "a ClusterRole" : $"a Role in namespace {Namespace}, or a ClusterRole";
        return $$"""{ apiGroups: ["{{Group}}"], resources: ["{{resource}}"], verbs: ["{{verb}}"] } in {{role}}""";
    }

    public override string ToString()
    {
        var resource = Group.Length == 0 ? Resource : $"{Resource}.{Group}";
        var part = Subresource is null ? "" : $"/{Subresource}";
        return (Namespace, Name) switch
        {
            (null, _) => $"{resource}{part} in all namespaces",
            (_, null) => $"{resource}{part} in namespace {Namespace}",
            _ => $"{resource}{part} {Namespace}/{Name}",
        };
    }
}
