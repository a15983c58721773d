using System.Collections.Concurrent;
using System.Security.Claims;
using ClusterGrains.Resources;

namespace ClusterGrains.Access;

/// <summary>
/// What RBAC, or whatever else the API server decides by, allows the caller to do with the resources themselves. The whole
/// cluster is asked about first: most who may see many namespaces may see all.
/// </summary>
internal sealed class KubernetesRights(CallerReviews reviews, TimeProvider time) : ICallerRights
{
    private const string Everywhere = "";

    /// <summary>For the namespaces of one list, each of which is a question of its own. A thousand take seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

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

        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return NamespaceScope.Only(await Listable(known, kind, namespaces, either.Token));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TurnedAwayException(
                $"In which namespaces you may list was not known within {Patience.TotalSeconds} s. Name one: ?namespace=<name>. "
                + "Whoever may list in the whole cluster is not asked about each.");
        }
    }

    public async ValueTask<bool> MayGet(ClaimsPrincipal caller, string path, CancellationToken cancellationToken) =>
        Caller.Of(caller) is { } known && await reviews.Allows(known, Permission.Get(path), cancellationToken);

    private async Task<IEnumerable<string>> Listable(
        Caller caller, ResourceKind kind, IEnumerable<string> namespaces, CancellationToken cancellationToken)
    {
        var seen = new ConcurrentBag<string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = ReviewTurns.MaxInFlightOfOne, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(namespaces, options, async (one, cancellation) =>
        {
            if (await reviews.Allows(caller, Permission.List(kind, one), cancellation))
            {
                seen.Add(one);
            }
        });
        return seen;
    }
}
