using System.Collections.Concurrent;
using System.Security.Claims;
using ClusterGrains.Resources;

namespace ClusterGrains.Access;

/// <summary>
/// What RBAC, or whatever else the API server decides by, allows the caller to do with the resources themselves. The whole
/// cluster is asked about first: most who may see many namespaces may see all.
/// </summary>
internal sealed class KubernetesRights(CallerReviews reviews) : ICallerRights
{
    private const string Everywhere = "";

    /// <summary>So that one caller with many namespaces leaves room for others.</summary>
    private const int AtOnce = 8;

    public async ValueTask<bool> MaySee(
        ClaimsPrincipal caller, ResourceKind kind, string @namespace, CancellationToken cancellationToken) =>
        Caller.Of(caller) is { } known
        && (await reviews.Allows(known, Permission.Read(kind, Everywhere), cancellationToken)
            || await reviews.Allows(known, Permission.Read(kind, @namespace), cancellationToken));

    public async ValueTask<NamespaceScope> Scope(
        ClaimsPrincipal caller, ResourceKind kind, IReadOnlyCollection<string> namespaces, CancellationToken cancellationToken)
    {
        if (Caller.Of(caller) is not { } known)
        {
            return NamespaceScope.Only([]);
        }

        if (await reviews.Allows(known, Permission.List(kind, Everywhere), cancellationToken))
        {
            return NamespaceScope.All;
        }

        var seen = new ConcurrentBag<string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(namespaces, options, async (one, cancellation) =>
        {
            if (await reviews.Allows(known, Permission.List(kind, one), cancellation))
            {
                seen.Add(one);
            }
        });
        return NamespaceScope.Only(seen);
    }

    public async ValueTask<bool> MayGet(ClaimsPrincipal caller, string path, CancellationToken cancellationToken) =>
        Caller.Of(caller) is { } known && await reviews.Allows(known, Permission.Get(path), cancellationToken);
}
