using System.Collections.Immutable;
using ClusterGrains.Sandbox.Kubernetes.Schemas;
using ClusterGrains.Sandbox.Kubernetes.Tables;

namespace ClusterGrains.Sandbox.Kubernetes.Definitions;

/// <summary>Everything the API knows about one kind. All behaviour is generic over this.</summary>
internal sealed class ResourceDefinition
{
    public static readonly ImmutableArray<string> AllVerbs =
        ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Kind { get; init; }

    public required string Plural { get; init; }

    public required string Singular { get; init; }

    public ImmutableArray<string> ShortNames { get; init; } = [];

    public ImmutableArray<string> Categories { get; init; } = [];

    public required bool Namespaced { get; init; }

    /// <summary>Of the whole object: <c>metadata</c> is always the API's own.</summary>
    public required Schema Schema { get; init; }

    public bool HasStatus { get; init; }

    /// <summary>The columns after NAME.</summary>
    public ImmutableArray<PrinterColumn> Columns { get; init; } = [];

    public ImmutableArray<string> Verbs { get; init; } = AllVerbs;

    /// <summary>
    /// Defined by a CRD rather than built in: counts generations, refuses unconditional updates and strategic patches.
    /// </summary>
    public required bool IsCustom { get; init; }

    public string ListKind => Kind + "List";

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>As in messages and file names: <c>searchclusters.clustergrains.io</c>, <c>secrets</c>.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public string QualifiedKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    public string RootPath => Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";

    public override string ToString() => QualifiedPlural;
}
