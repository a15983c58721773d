using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Fleet;

/// <summary>
/// Reads pages from the index. Only as much is read as is shown; where rows must be judged first, a page ends after
/// <see cref="MaxLooked"/> of them, full or not.
/// </summary>
internal sealed class FleetPages(IResourceIndex index, TimeProvider time)
{
    internal const int MaxLooked = 5_000;
    private const int Batch = 500;

    /// <param name="namespaces">Those that the caller may see and asks for.</param>
    public async Task<FleetPage> Read(
        ResourceKind kind, FleetQuery query, IReadOnlyCollection<string> namespaces, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var items = new List<JsonObject>();
        var after = query.After;
        for (var looked = 0; ;)
        {
            // One more than fits tells whether there is a next page.
            var wanted = query.IsJudged ? Batch : query.Limit - items.Count + 1;
            var rows = await index.Page(Ask(kind, query, namespaces, after, wanted), cancellationToken);
            foreach (var row in rows)
            {
                var item = FleetItem.From(row, now);
                if (query.Matches(item))
                {
                    if (items.Count == query.Limit)
                    {
                        return new FleetPage(items, FleetPage.Token(after!.Value));
                    }

                    items.Add(item);
                }

                after = new ResourceKey(row.Namespace, row.Name);
            }

            looked += rows.Count;
            if (rows.Count < wanted || looked >= MaxLooked)
            {
                return new FleetPage(items, rows.Count < wanted ? null : FleetPage.Token(after!.Value));
            }
        }
    }

    private static IndexQuery Ask(
        ResourceKind kind, FleetQuery query, IReadOnlyCollection<string> namespaces, ResourceKey? after, int limit) => new()
    {
        Kind = kind.Name,
        Namespaces = namespaces,
        NamePrefix = query.NamePrefix,
        Phase = query.Phase,
        After = after,
        Limit = limit,
    };
}
