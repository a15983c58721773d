using System.Security.Claims;
using ClusterGrains.Resources;

namespace ClusterGrains.Access;

/// <summary>What the caller of an HTTP request may see.</summary>
internal interface ICallerRights
{
    /// <summary>Whether the caller may read the resources of a kind in one namespace.</summary>
    /// <exception cref="DependencyException">Who is asked about rights did not answer.</exception>
    /// <exception cref="TurnedAwayException">Too much is asked about callers already.</exception>
    ValueTask<bool> MaySee(ClaimsPrincipal caller, ResourceKind kind, string @namespace, CancellationToken cancellationToken);

    /// <summary>In which of these namespaces the caller may read the resources of a kind.</summary>
    /// <param name="namespaces">Those in which there are any.</param>
    /// <exception cref="DependencyException">Who is asked about rights did not answer.</exception>
    /// <exception cref="TurnedAwayException">Too much is asked about callers already.</exception>
    ValueTask<NamespaceScope> Scope(
        ClaimsPrincipal caller, ResourceKind kind, IReadOnlyCollection<string> namespaces, CancellationToken cancellationToken);

    /// <summary>Whether the caller may get what is no resource, by a path as RBAC names it in <c>nonResourceURLs</c>.</summary>
    /// <exception cref="DependencyException">Who is asked about rights did not answer.</exception>
    /// <exception cref="TurnedAwayException">Too much is asked about callers already.</exception>
    ValueTask<bool> MayGet(ClaimsPrincipal caller, string path, CancellationToken cancellationToken);
}
