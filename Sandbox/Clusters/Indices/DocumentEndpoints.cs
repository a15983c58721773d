using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>Single documents, byte for byte as they came, and the refresh that shows new ones to searches.</summary>
internal sealed class DocumentEndpoints(PretendIndices indices)
{
    public ClusterAnswer Refresh(IndexRequest request)
    {
        var refreshed = indices.Resolve(request.Target);
        foreach (var index in refreshed)
        {
            if (index.RefuseChange(request.Now with { Flooded = false }) is { } blocked)
            {
                throw blocked.Thrown();
            }

            index.Documents.Refresh();
        }

        // Shards that are not there are neither successful nor failed.
        var total = refreshed.Sum(index => index.Shards * (1 + index.Replicas));
        var there = refreshed.Sum(index => ShardState.Of(index, request.Now).Active);
        return request.Reply(new JsonObject
        {
            ["_shards"] = new JsonObject { ["total"] = total, ["successful"] = there, ["failed"] = 0 },
        });
    }

    public ClusterAnswer Get(IndexRequest request)
    {
        var id = request.Values["id"];
        var (index, found) = Find(request);
        if (found is not { } document)
        {
            return request.Reply(
                new JsonObject { ["_index"] = index.Name, ["_id"] = id, ["found"] = false },
                StatusCodes.Status404NotFound);
        }

        return request.ReplyRaw(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"_index":{{Text(index.Name)}},{{Typed()}}"_id":{{Text(id)}},"_version":{{document.Version}},"_seq_no":0,"_primary_term":1,"found":true,"_source":{{IndexRequest.Text(document.Source)}}}"""));
    }

    public ClusterAnswer Source(IndexRequest request)
    {
        var (index, found) = Find(request);
        return found is { } document
            ? request.ReplyRaw(IndexRequest.Text(document.Source))
            : new EngineError(
                StatusCodes.Status404NotFound,
                "resource_not_found_exception",
                $"Document not found [{index.Name}]/[{request.Values["id"]}]").Answer();
    }

    private (PretendIndex Index, StoredDocument? Document) Find(IndexRequest request)
    {
        if (indices.Resolve(request.Target) is not [var index])
        {
            throw IndexErrors.IllegalArgument(
                $"alias [{request.Target}] has more than one index associated with it, can't execute a single index op")
                .Thrown();
        }

        var id = request.Values["id"];
        if (ShardState.Of(index, request.Now).IsMissing(index.Shard(id)))
        {
            throw new EngineError(503, "no_shard_available_action_exception", $"No shard available for [get [{index.Name}][{id}]]")
                .Thrown();
        }

        return (index, index.Documents.Find(id));
    }

    private string Typed() => indices.Engine.Major is 1 or 7 ? "\"_type\":\"_doc\"," : "";

    private static string Text(string value) => JsonSerializer.Serialize(value);
}
