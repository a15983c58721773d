namespace ClusterGrains.Datasets;

/// <summary>What a place of files can do, whatever its files mean. Names are relative to the source, with <c>/</c>.</summary>
/// <remarks>Every method throws <see cref="DependencyException"/> when the place is not readable.</remarks>
internal interface ISourceStore
{
    /// <summary>Begins every name; ends with a slash. For messages, and for manifests that name whole URLs.</summary>
    string Url { get; }

    /// <summary>How many files one look may ask for, because asking costs.</summary>
    LookBudget Looks { get; }

    /// <summary>The names of the folders right below the source, in any order.</summary>
    IAsyncEnumerable<string> Folders(CancellationToken cancellationToken);

    /// <summary>All files below a folder, by names relative to it, in any order; hidden folders may be left out.</summary>
    IAsyncEnumerable<StoredFile> Files(string folder, CancellationToken cancellationToken);

    /// <summary>One file, by its name; null when it is not there.</summary>
    Task<StoredFile?> Find(string name, CancellationToken cancellationToken);

    /// <summary>The bytes of exactly this file.</summary>
    /// <exception cref="SourceException">While reading too: it is another file by now, or gone.</exception>
    Task<Stream> Open(StoredFile file, long fromByte, CancellationToken cancellationToken);
}

/// <param name="Newest">Folders that each look asks anew.</param>
/// <param name="Others">How many of the older ones, if it is not known that they are complete.</param>
internal sealed record LookBudget(int Newest, int Others);
