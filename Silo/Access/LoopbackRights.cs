using System.Security.Claims;
using ClusterGrains.Resources;

namespace ClusterGrains.Access;

/// <summary>Who reaches a loopback port has the machine; nothing is hidden from them.</summary>
internal sealed class LoopbackRights : ICallerRights
{
    public ValueTask<bool> MaySee(ClaimsPrincipal caller, ResourceKind kind, string @namespace, CancellationToken cancellationToken) =>
        ValueTask.FromResult(true);

    public ValueTask<NamespaceScope> Scope(
        ClaimsPrincipal caller, ResourceKind kind, IReadOnlyCollection<string> namespaces, CancellationToken cancellationToken) =>
        ValueTask.FromResult(NamespaceScope.All);

    public ValueTask<bool> MayGet(ClaimsPrincipal caller, string path, CancellationToken cancellationToken) =>
        ValueTask.FromResult(true);
}
