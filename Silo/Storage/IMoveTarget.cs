namespace ClusterGrains.Storage;

/// <summary>
/// Port: a storage that is filled with rows as they are. From <see cref="Begin"/> to <see cref="Finish"/> it is marked: no silo
/// starts on it, whoever was killed in between.
/// </summary>
internal interface IMoveTarget
{
    /// <summary>For people, without credentials. Known once it is open.</summary>
    string Place { get; }

    /// <summary>Opens it, made anew if need be, and makes sure that no silo works on it.</summary>
    /// <returns>Whether it is marked: an import began here and was not finished.</returns>
    /// <exception cref="DependencyException">A silo does, or it cannot be opened; one line with the cure.</exception>
    Task<bool> Open(CancellationToken cancellationToken);

    /// <summary>Marks it.</summary>
    /// <exception cref="DependencyException">A silo came meanwhile; the mark is as it was.</exception>
    Task Begin(CancellationToken cancellationToken);

    /// <summary>Adds rows with their ETags and columns. A row whose key is there already is left as it is.</summary>
    /// <exception cref="DependencyException">They were not acknowledged; some may be there.</exception>
    Task Add(IReadOnlyCollection<StateRow> rows, CancellationToken cancellationToken);

    /// <summary>Takes the mark away: from now on silos may start.</summary>
    Task Finish(CancellationToken cancellationToken);
}
