using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ClusterGrains.Fleet;

/// <summary>The whole fleet over HTTP, from the index: <c>GET /api/v1/{plural}</c> and one resource below it.</summary>
internal sealed class FleetApi(IResourceIndex index, IGrainFactory grains, TimeProvider time)
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 500;

    /// <summary>One page of the resources of a kind, ordered by namespace and name.</summary>
    public async Task<Results<JsonHttpResult<JsonObject>, ProblemHttpResult>> List(
        ResourceKind kind, FleetQuery query, CancellationToken cancellationToken)
    {
        if (query.Limit is < 1 or > MaxLimit)
        {
            return Problem(StatusCodes.Status400BadRequest, $"limit is {query.Limit}; it must be between 1 and {MaxLimit}.");
        }

        var after = default(ResourceKey);
        if (query.Continue is { } token && !FleetPage.TryRead(token, out after))
        {
            return Problem(StatusCodes.Status400BadRequest, "continue is not a token that this API gave out; start again without it.");
        }

        var rows = await index.List(kind.Name, cancellationToken);
        var page = FleetPage.Cut(rows, query.Namespace, after, query.Limit ?? DefaultLimit);
        return TypedResults.Json(page.ToJson(time.GetUtcNow()));
    }

    /// <summary>One resource as the list shows it, and its status as its grain would write it now.</summary>
    public async Task<Results<JsonHttpResult<JsonObject>, ProblemHttpResult>> Find(
        ResourceKind kind, string @namespace, string name, CancellationToken cancellationToken)
    {
        var key = new ResourceKey(@namespace, name);
        if (await index.Find(kind.Name, key, cancellationToken) is not { } row || !FleetPage.IsShown(row))
        {
            return Problem(StatusCodes.Status404NotFound, $"There is no {kind.Name} {key}.");
        }

        var item = FleetItem.From(row, time.GetUtcNow());
        var status = await kind.Grain(grains, key).Describe(cancellationToken);
        item["status"] = status is null ? null : JsonNode.Parse(status);
        return TypedResults.Json(item);
    }

    private static ProblemHttpResult Problem(int code, string detail) => TypedResults.Problem(detail, statusCode: code);
}
