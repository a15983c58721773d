using System.Collections.Immutable;

namespace ClusterGrains.Datasets;

/// <summary>Port: folders of versions, in S3 or on a disk.</summary>
public interface IVersionSource
{
    /// <summary>Makes ready to read; may read the Secret, and need not contact the store yet.</summary>
    /// <exception cref="DependencyException">The Secret or the store is not there for us.</exception>
    Task<ISourceSession> Open(string resourceNamespace, SourceSpec source, CancellationToken cancellationToken);
}

/// <summary>Port: one source, for the length of one run. Safe to use from several tasks.</summary>
public interface ISourceSession : IAsyncDisposable
{
    /// <summary>
    /// The folders right below the source whose names match <see cref="SourceSpec.Pattern"/>, each with its marker, oldest
    /// first by <see cref="SourceSpec.Order"/>. At most 10,000, the newest ones.
    /// </summary>
    /// <exception cref="DependencyException">The source is not readable; the message says why and what to do.</exception>
    Task<ImmutableArray<VersionFolder>> Folders(CancellationToken cancellationToken);

    /// <summary>What one version consists of now; null when the folder or its marker is not there.</summary>
    /// <exception cref="DependencyException">The source is not readable.</exception>
    /// <exception cref="SourceException">The folder is unusable as it is: no data, too many files, a manifest that does not fit.</exception>
    Task<FrozenVersion?> Freeze(string version, CancellationToken cancellationToken);

    /// <summary>A digest of names and sizes of a folder without marker; null when it holds no data file.</summary>
    /// <exception cref="DependencyException">The source is not readable.</exception>
    Task<string?> Digest(string version, CancellationToken cancellationToken);

    /// <summary>
    /// The file's text, decompressed. Read as exactly the file that was frozen (<c>If-Match</c>); a connection that breaks
    /// half-way is taken up again where it broke.
    /// </summary>
    /// <param name="fromByte">Uncompressed bytes to leave out; only files that are not compressed do so without reading them.</param>
    /// <exception cref="SourceException">While reading too: the file changed or is gone, or its compression is broken or cut off.</exception>
    /// <exception cref="DependencyException">While reading too: the source is not readable.</exception>
    Task<SourceText> Read(string version, SourceFile file, long fromByte, CancellationToken cancellationToken);
}

/// <param name="Name">The version.</param>
/// <param name="Complete">Whether the marker (and the manifest, where the spec requires one) is there.</param>
public sealed record VersionFolder(string Name, bool Complete);

/// <summary>A complete version as it was listed once. What is loaded is exactly this.</summary>
/// <param name="Files">Ordered by name, at least one; names that begin with <c>_</c> or <c>.</c>, the marker and the manifest are left out.</param>
/// <param name="Fingerprint">Digest of all names, sizes and ETags, the marker's and the manifest's too.</param>
/// <param name="Documents">How many the manifest promises; null when nobody does.</param>
public sealed record FrozenVersion(string Version, ImmutableArray<SourceFile> Files, string Fingerprint, long? Documents)
{
    /// <summary>More would make a plan too large to be kept; join small files.</summary>
    public const int MaxFiles = 10_000;

    public long Bytes => Files.Sum(file => file.Size);
}

/// <param name="Name">Relative to the version's folder, with <c>/</c>.</param>
/// <param name="Size">In bytes, as it lies in the source.</param>
/// <param name="ETag">Opaque; of a file on a disk its size and time of change.</param>
/// <param name="Format">Never <see cref="DataFormat.Auto"/>.</param>
public sealed record SourceFile(string Name, long Size, string ETag, DataFormat Format);

/// <summary>A file's text while it is read.</summary>
/// <param name="Text">Decompressed; begins at the byte that was asked for.</param>
/// <param name="SourceBytes">How many bytes of the file as it lies in the source have been read so far.</param>
public sealed record SourceText(Stream Text, Func<long> SourceBytes) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Text.DisposeAsync();
}

/// <summary>The version itself is the problem, not the way to it: waiting does not help.</summary>
/// <param name="code">From the closed list in docs/findings.md, for example <c>SourceChanged</c>.</param>
/// <param name="message">Names the file, what is wrong and the cure.</param>
public sealed class SourceException(string code, string message, Exception? cause = null) : Exception(message, cause)
{
    public string Code { get; } = code;
}
