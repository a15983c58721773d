namespace ClusterGrains.Storage;

/// <summary>Port: a storage that is read from end to end while no silo works on it.</summary>
internal interface IMoveSource
{
    /// <summary>For people, without credentials. Known once it is open.</summary>
    string Place { get; }

    /// <summary>Opens it for reading and makes sure that no silo works on it.</summary>
    /// <exception cref="DependencyException">One does, or it cannot be opened; one line with the cure.</exception>
    Task Open(CancellationToken cancellationToken);

    /// <summary>Makes sure that none has worked on it since <see cref="Open"/>.</summary>
    /// <exception cref="DependencyException">One has: what was read is of several moments.</exception>
    Task Confirm(CancellationToken cancellationToken);
}
