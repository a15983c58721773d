using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ClusterGrains.Sandbox.Terminal;

/// <summary>Looks at all SearchClusters of the API server once a second, as any other client would.</summary>
/// <param name="list">The objects as the API server shows them; null when it does not answer just now.</param>
internal sealed class ClusterBoard(
    Func<CancellationToken, Task<IReadOnlyList<JsonElement>?>> list, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>All rows ordered by name, at once and then every second; the last ones while nobody answers.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ClusterRow>> Watch(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        IReadOnlyList<ClusterRow> rows = [];
        do
        {
            if (await list(cancellationToken) is { } objects)
            {
                rows = [.. objects.Select(ClusterRow.Read).OrderBy(row => row.Name, StringComparer.Ordinal)];
            }

            yield return rows;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }
}
