using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ClusterGrains.Sandbox.Terminal;

/// <summary>Looks at all resources of the API server once a second, as any other client would.</summary>
/// <param name="list">
/// The objects of a kind, by its plural, as the API server shows them; null when it does not answer just now.
/// </param>
internal sealed class Board(
    Func<string, CancellationToken, Task<IReadOnlyList<JsonElement>?>> list, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>All rows ordered by name, at once and then every second; the last ones while nobody answers.</summary>
    public async IAsyncEnumerable<BoardRows> Watch([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        var rows = new BoardRows([], []);
        do
        {
            if (await list(ResourceClient.SearchClusters, cancellationToken) is { } clusters)
            {
                rows = rows with
                {
                    Clusters = [.. clusters.Select(ClusterRow.Read).OrderBy(row => row.Name, StringComparer.Ordinal)],
                };
            }

            if (await list(ResourceClient.SearchDatasets, cancellationToken) is { } datasets)
            {
                rows = rows with
                {
                    Datasets = [.. datasets.Select(DatasetRow.Read).OrderBy(row => row.Name, StringComparer.Ordinal)],
                };
            }

            yield return rows;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }
}
