using System.Security.Claims;
using ClusterGrains.Access;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Fleet;

/// <summary>A caller who may see these namespaces and no others.</summary>
internal sealed class PretendRights(params string[] visible) : ICallerRights
{
    /// <summary>What is asked about; every namespace there is.</summary>
    public List<string> Asked { get; } = [];

    public DependencyException? Failure { get; set; }

    public ValueTask<bool> MaySee(ClaimsPrincipal caller, ResourceKind kind, string @namespace, CancellationToken cancellationToken)
    {
        Asked.Add(@namespace);
        return Failure is { } failure ? throw failure : ValueTask.FromResult(visible.Contains(@namespace));
    }

    public ValueTask<NamespaceScope> Scope(
        ClaimsPrincipal caller, ResourceKind kind, IReadOnlyCollection<string> namespaces, CancellationToken cancellationToken)
    {
        Asked.AddRange(namespaces);
        return Failure is { } failure ? throw failure : ValueTask.FromResult(NamespaceScope.Only(namespaces.Where(visible.Contains)));
    }

    public ValueTask<bool> MayGet(ClaimsPrincipal caller, string path, CancellationToken cancellationToken) => ValueTask.FromResult(true);
}
