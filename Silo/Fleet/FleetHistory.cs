using System.Text.Json.Nodes;
using System.Threading.RateLimiting;
using ClusterGrains.Access;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ClusterGrains.Fleet;

/// <summary>
/// <c>GET /api/v1/{plural}/{namespace}/{name}/history</c>: what is stored of a resource, of all its epochs, also when it is gone.
/// Few are answered at once: the store is there for the records first.
/// </summary>
internal sealed class FleetHistory(IResourceIndex index, FleetHistoryPages pages, ICallerRights rights, TimeProvider time) : IDisposable
{
    internal const int MaxConcurrent = 4;
    internal const int MaxWaiting = 32;

    private readonly ConcurrencyLimiter _limiter = new(new() { PermitLimit = MaxConcurrent, QueueLimit = MaxWaiting });

    public async Task<Results<JsonHttpResult<JsonObject>, ProblemHttpResult>> List(
        ResourceKind kind, ResourceKey key, HttpContext http, CancellationToken cancellationToken)
    {
        var (query, mistake) = HistoryQuery.Read(http.Request.Query, time.GetUtcNow());
        if ((FleetNames.ProblemOf(key) ?? mistake) is { } problem)
        {
            return FleetProblem.Mistake(problem);
        }

        if (!await rights.MaySee(http.User, kind, key.Namespace, cancellationToken))
        {
            return FleetProblem.Forbidden("get", kind, key.Namespace);
        }

        using var turn = await _limiter.AcquireAsync(1, cancellationToken);
        if (!turn.IsAcquired)
        {
            return FleetProblem.Later(http, $"{MaxConcurrent} histories are being read and {MaxWaiting} more are waiting. Try again.");
        }

        var page = await pages.Read(kind, key, query, cancellationToken);
        return page.IsEmpty && !page.IsPart && query.IsFirst && !await IsKnown(kind, key, cancellationToken)
            ? FleetProblem.Missing($"There is no {kind.Name} {key}, and no record of one in that time.")
            : TypedResults.Json(page.ToJson());
    }

    public void Dispose() => _limiter.Dispose();

    private async Task<bool> IsKnown(ResourceKind kind, ResourceKey key, CancellationToken cancellationToken) =>
        await index.Find(kind.Name, key, cancellationToken) is { } row && FleetItem.IsShown(row);
}
