using System.Text.Json.Nodes;
using ClusterGrains.Access;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ClusterGrains.Fleet;

/// <summary>
/// The whole fleet over HTTP, from the index: <c>GET /api/v1/{plural}</c> and one resource below it. What the caller may not
/// see is not read.
/// </summary>
internal sealed class FleetApi(IResourceIndex index, FleetPages pages, ICallerRights rights, IGrainFactory grains, TimeProvider time)
{
    /// <summary>One page of the resources of a kind, ordered by namespace and name.</summary>
    public async Task<Results<JsonHttpResult<JsonObject>, ProblemHttpResult>> List(
        ResourceKind kind, HttpContext http, CancellationToken cancellationToken)
    {
        var (query, problem) = FleetQuery.Read(kind, http.Request.Query);
        if (problem is not null)
        {
            return FleetProblem.Mistake(problem);
        }

        IReadOnlyList<string> namespaces = query.Namespace is { } only ? [only] : await index.Namespaces(kind.Name, cancellationToken);
        var scope = await rights.Scope(http.User, kind, namespaces, cancellationToken);
        if (query.Namespace is { } asked && !scope.Contains(asked))
        {
            return FleetProblem.Forbidden("list", kind, asked);
        }

        var page = await pages.Read(kind, query, [.. namespaces.Where(scope.Contains)], cancellationToken);
        return TypedResults.Json(page.ToJson());
    }

    /// <summary>One resource as the list shows it, and its status as its grain would write it now.</summary>
    public async Task<Results<JsonHttpResult<JsonObject>, ProblemHttpResult>> Find(
        ResourceKind kind, ResourceKey key, HttpContext http, CancellationToken cancellationToken)
    {
        var problem = FleetNames.ProblemOf(key) ?? new FleetParameters(http.Request.Query).Problem();
        if (problem is not null)
        {
            return FleetProblem.Mistake(problem);
        }

        if (!await rights.MaySee(http.User, kind, key.Namespace, cancellationToken))
        {
            return FleetProblem.Forbidden("get", kind, key.Namespace);
        }

        if (await index.Find(kind.Name, key, cancellationToken) is not { } row || !FleetItem.IsShown(row))
        {
            return FleetProblem.Missing($"There is no {kind.Name} {key}.");
        }

        var item = FleetItem.From(row, time.GetUtcNow());
        var status = await kind.Grain(grains, key).Describe(cancellationToken);
        item["status"] = status is null ? null : JsonNode.Parse(status);
        return TypedResults.Json(item);
    }
}
