using System.Text.Json;
using ClusterGrains.Storage;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.History;

/// <summary>Reads from the stored states which numbers were given. Wakes no grain, and works while no silo runs.</summary>
internal sealed class HistoryMarks(IStateRows rows, ILogger<HistoryMarks> logger)
{
    /// <exception cref="DependencyException">The storage did not answer.</exception>
    public async Task<IReadOnlyList<HistoryMark>> Read(CancellationToken cancellationToken)
    {
        var marks = new List<HistoryMark>();
        await foreach (var row in rows.All(cancellationToken))
        {
            if (row.Index is not null)
            {
                marks.AddRange(Of(row));
            }
        }

        return marks;
    }

    private HistoryMark[] Of(StateRow row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.Document, HistoryMarkJson.Default.MarkedState)?.Marks().ToArray() ?? [];
        }
        catch (Exception damage) when (damage is JsonException or InvalidOperationException)
        {
            logger.NotAudited(row.Key.ToString(), damage.Message);
            return [];
        }
    }
}
