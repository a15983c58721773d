using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClusterGrains.Datasets;

/// <summary>From what lies in a version's folder to what is loaded of it.</summary>
internal static class VersionContent
{
    public const string ManifestName = "manifest.json";

    /// <summary>Whether a file holds documents: no part of its path is hidden, and it is neither marker nor manifest.</summary>
    public static bool IsData(string name, SourceSpec source) =>
        name != source.Marker
        && name != ManifestName
        && !name.Split('/').Any(part => part.Length == 0 || part[0] is '_' or '.');

    /// <exception cref="SourceException">No data, too many files, or a manifest that does not fit.</exception>
    /// <param name="files">All data files of the folder.</param>
    /// <param name="manifest">Null when there is none, or nobody asked for it.</param>
    public static FrozenVersion Freeze(
        string version, SourceSpec source, StoredFile marker, IEnumerable<StoredFile> files, SourceManifest? manifest)
    {
        var data = files.OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => new SourceFile(file.Name, file.Size, file.ETag, FormatOf(file.Name, source.Format)))
            .ToImmutableArray();
        if (data.Length > FrozenVersion.MaxFiles)
        {
            throw TooMany(version);
        }

        manifest?.Check(version, data);
        if (data.IsEmpty)
        {
            throw new SourceException(DatasetCodes.SourceEmpty,
                $"{version} holds its marker {source.Marker} and no data file; write the data before the marker. "
                + "Names that begin with '_' or '.' are no data.");
        }

        return new FrozenVersion(version, data, Fingerprint(marker, data, manifest), manifest?.Documents);
    }

    public static SourceException TooMany(string version) => new(
        DatasetCodes.SourceUnusable,
        $"{version} holds more than {FrozenVersion.MaxFiles.ToString("N0", CultureInfo.InvariantCulture)} files; "
        + "join them into fewer, best of 64 to 256 MiB each.");

    /// <summary>A digest of names and sizes; null for no files.</summary>
    public static string? Digest(IEnumerable<StoredFile> files)
    {
        var any = false;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            any = true;
            Append(hash, file.Name, file.Size, "");
        }

        return any ? Text(hash) : null;
    }

    /// <summary>How a file is written, by its name unless the spec says it.</summary>
    public static DataFormat FormatOf(string name, DataFormat told) => told is not DataFormat.Auto ? told
        : EndsWith(name, ".gz") ? DataFormat.Gzip
        : EndsWith(name, ".zst") || EndsWith(name, ".zstd") ? DataFormat.Zstd
        : DataFormat.Plain;

    private static bool EndsWith(string name, string ending) => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    private static string Fingerprint(StoredFile marker, ImmutableArray<SourceFile> files, SourceManifest? manifest)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, marker.Name, marker.Size, marker.ETag);
        if (manifest is { File: var file })
        {
            Append(hash, file.Name, file.Size, file.ETag);
        }

        foreach (var data in files)
        {
            Append(hash, data.Name, data.Size, data.ETag);
        }

        return Text(hash);
    }

    // No name and no ETag holds a NUL, so no two lists are written alike.
    private static void Append(IncrementalHash hash, string name, long size, string etag) =>
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}\0{size}\0{etag}\0")));

    private static string Text(IncrementalHash hash) => $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
}
