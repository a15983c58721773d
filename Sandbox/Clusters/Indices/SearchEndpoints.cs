using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>Searches and counts: only what a refresh has shown, only on shards that are there.</summary>
internal sealed class SearchEndpoints(PretendIndices indices)
{
    private const int DefaultSize = 10;
    private const int MostHits = 10_000;

    private static readonly string[] Known = ["query", "size", "track_total_hits", "timeout"];

    public ClusterAnswer Count(IndexRequest request)
    {
        var body = request.Json();
        Refuse(body, ["query"]);
        var found = Find(request, body);
        return request.Reply(new JsonObject { ["count"] = found.Total, ["_shards"] = found.Shards });
    }

    public ClusterAnswer Search(IndexRequest request)
    {
        var body = request.Json();
        Refuse(body, Known);
        // The query string goes over the body.
        var size = Size((string?)request.Query["size"] ?? body?["size"]?.ToString());
        var track = (string?)request.Query["track_total_hits"] ?? body?["track_total_hits"]?.ToString() ?? $"{MostHits}";
        var found = Find(request, body, size);

        var hits = new StringBuilder("{");
        if (Total(track, found.Total) is { } total)
        {
            hits.Append(CultureInfo.InvariantCulture, $"\"total\":{total},");
        }

        hits.Append("\"max_score\":").Append(found.Hits.Count == 0 ? "null" : "1.0").Append(",\"hits\":[");
        hits.AppendJoin(',', found.Hits.Select(Hit)).Append("]}");
        return request.ReplyRaw(
            $$"""{"took":1,"timed_out":false,"_shards":{{found.Shards.ToJsonString()}},"hits":{{hits}}}""");
    }

    private static void Refuse(JsonObject? body, string[] known)
    {
        foreach (var (key, value) in body ?? [])
        {
            if (!known.Contains(key))
            {
                var what = value is JsonObject ? "START_OBJECT" : value is JsonArray ? "START_ARRAY" : "VALUE_STRING";
                throw IndexErrors.Parsing($"Unknown key for a {what} in [{key}].").Thrown();
            }
        }
    }

    private static int Size(string? text)
    {
        if (text is null)
        {
            return DefaultSize;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
        {
            throw IndexErrors.Parsing($"[size] parameter cannot be negative, found [{text}]").Thrown();
        }

        return size <= MostHits
            ? size
            : throw IndexErrors.IllegalArgument(
                $"Result window is too large, from + size must be less than or equal to: [{MostHits}] but was [{size}].")
                .Thrown();
    }

    /// <summary>Null when nobody asked for it.</summary>
    private static string? Total(string track, long found)
    {
        var most = track switch
        {
            "true" => long.MaxValue,
            "false" => -1,
            _ when long.TryParse(track, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) => limit,
            _ => throw IndexErrors.Parsing($"[track_total_hits] is a boolean or a number, not [{track}]").Thrown(),
        };
        return most < 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"value":{{Math.Min(found, most)}},"relation":"{{(found > most ? "gte" : "eq")}}"}""");
    }

    private Found Find(IndexRequest request, JsonObject? body, int size = 0)
    {
        var (total, all, there) = (0L, 0, 0);
        var hits = new List<(PretendIndex, StoredDocument)>();
        foreach (var index in indices.Resolve(request.Target))
        {
            var query = SearchQuery.Parse(body?["query"], index);
            var state = ShardState.Of(index, request.Now);
            all += index.Shards;
            there += state.Primaries;
            index.RefreshIfItDoes();
            var filters = Filters(index, request.Target);
            if (query.IsAll && filters.Count == 0 && state.Primaries == index.Shards && hits.Count >= size)
            {
                total += index.Documents.Visible;
                continue;
            }

            foreach (var document in index.Documents.All(onlyVisible: true))
            {
                if (!state.IsMissing(index.Shard(document.Id))
                    && query.Matches(document) && filters.All(filter => filter.Matches(document)))
                {
                    total++;
                    if (hits.Count < size)
                    {
                        hits.Add((index, document));
                    }
                }
            }
        }

        return there < all && (there == 0 || request.Query["allow_partial_search_results"] == "false")
            ? throw IndexErrors.AllShardsFailed().Thrown()
            : new Found(total, hits, new JsonObject
            {
                ["total"] = all,
                ["successful"] = there,
                ["skipped"] = 0,
                ["failed"] = all - there,
            });
    }

    /// <summary>Of the alias that is searched; none for an index by its own name.</summary>
    private static List<SearchQuery> Filters(PretendIndex index, string target) =>
        target != index.Name && index.Aliases.GetValueOrDefault(target)?["filter"] is { } filter
            ? [SearchQuery.Parse(filter, index)]
            : [];

    private static string Hit((PretendIndex Index, StoredDocument Document) hit) =>
        $$"""{"_index":{{JsonSerializer.Serialize(hit.Index.Name)}},"_id":{{JsonSerializer.Serialize(hit.Document.Id)}},"_score":1.0,"_source":{{IndexRequest.Text(hit.Document.Source)}}}""";

    private sealed record Found(long Total, List<(PretendIndex Index, StoredDocument Document)> Hits, JsonObject Shards);
}
