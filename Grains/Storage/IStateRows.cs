namespace ClusterGrains.Storage;

/// <summary>Port: every stored state as it is, for those who check or move the whole storage. Wakes no grain.</summary>
public interface IStateRows
{
    /// <summary>The rows behind <paramref name="after"/>, in the ordinal order of grain id and state name.</summary>
    /// <param name="after">The last row of the page before; null for the first page. It need not exist any more.</param>
    /// <param name="limit">At most so many rows, 1 or more. Fewer are the last ones.</param>
    /// <exception cref="DependencyException">The storage did not answer.</exception>
    Task<IReadOnlyList<StateRow>> Page(StateKey? after, int limit, CancellationToken cancellationToken);
}
