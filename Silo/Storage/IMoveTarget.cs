namespace ClusterGrains.Storage;

/// <summary>
/// Port: a storage that is filled with rows as they are. From <see cref="Begin"/> to <see cref="Finish"/> it is marked: no silo
/// starts on it, whoever was killed in between. One import fills it at a time: who runs it again takes it over, and the one before,
/// which may have been frozen for long, changes nothing any more.
/// </summary>
internal interface IMoveTarget
{
    /// <summary>For people, without credentials. Known once it is open.</summary>
    string Place { get; }

    /// <summary>Opens it, made anew if need be, and makes sure that no silo works on it.</summary>
    /// <returns>Whether it is marked: an import began here and was not finished.</returns>
    /// <exception cref="DependencyException">A silo does, or it cannot be opened; one line with the cure.</exception>
    Task<bool> Open(CancellationToken cancellationToken);

    /// <summary>Marks it as this import's.</summary>
    /// <exception cref="DependencyException">A silo or another import came meanwhile; whether it is marked is as it was.</exception>
    Task Begin(CancellationToken cancellationToken);

    /// <summary>
    /// Adds states with their ETags and columns, and reminders. What has the key of one that is there already is left as it is.
    /// </summary>
    /// <exception cref="DependencyException">Another import took over, or they were not acknowledged; some may be there.</exception>
    Task Add(IReadOnlyCollection<StateRow> states, IReadOnlyCollection<ReminderEntry> reminders, CancellationToken cancellationToken);

    /// <summary>Makes sure that no other import has taken over since <see cref="Begin"/>.</summary>
    /// <exception cref="DependencyException">One has.</exception>
    Task Confirm(CancellationToken cancellationToken);

    /// <summary>Takes the mark away: from now on silos may start.</summary>
    /// <exception cref="DependencyException">Another import took over; the mark is as it was.</exception>
    Task Finish(CancellationToken cancellationToken);
}
