using System.Runtime.CompilerServices;

namespace ClusterGrains.Storage;

/// <summary>All stored states, one after the other.</summary>
internal static class StateRowReading
{
    /// <summary>A document may hold a full outbox: so many are some 50 MB at most.</summary>
    private const int PageSize = 200;

    /// <exception cref="DependencyException">The storage did not answer.</exception>
    public static async IAsyncEnumerable<StateRow> All(this IStateRows rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (StateKey? last = null; ;)
        {
            var page = await rows.Page(last, PageSize, cancellationToken);
            foreach (var row in page)
            {
                yield return row;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            last = page[^1].Key;
        }
    }
}
