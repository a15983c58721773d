using System.Text.Json;
using ClusterGrains.Storage;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.History;

/// <summary>Reads from the stored states which numbers were given. Wakes no grain, and works while no silo runs.</summary>
internal sealed class HistoryMarks(IStateRows rows, ILogger<HistoryMarks> logger)
{
    /// <returns>The marks, and of how many states nobody can say which numbers they gave.</returns>
    /// <exception cref="DependencyException">The storage did not answer.</exception>
    public async Task<(IReadOnlyList<HistoryMark> Marks, int Unread)> Read(CancellationToken cancellationToken)
    {
        var (marks, unread) = (new List<HistoryMark>(), 0);
        await foreach (var row in rows.All(cancellationToken))
        {
            if (row.Index is null)
            {
                continue;
            }

            if (Of(row) is { } own)
            {
                marks.AddRange(own);
            }
            else
            {
                unread++;
            }
        }

        return (marks, unread);
    }

    /// <summary>Null when the state cannot be read.</summary>
    private HistoryMark[]? Of(StateRow row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.Document, HistoryMarkJson.Default.MarkedState)!.Marks().ToArray();
        }
        catch (Exception damage)
        {
            // Whatever somebody wrote into the row: a member that is null may surface anywhere in the reading.
            logger.NotAudited(row.Key.ToString(), damage.Message);
            return null;
        }
    }
}
