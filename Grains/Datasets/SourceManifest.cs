using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace ClusterGrains.Datasets;

/// <summary>What a version's <c>manifest.json</c> promises: all of these files and only these, and how many documents.</summary>
/// <remarks>
/// <c>{"files":[{"name":"a.ndjson.gz","size":123}],"documents":456}</c>, or as Redshift writes it:
/// <c>{"entries":[{"url":"s3://bucket/prefix/version/a.ndjson.gz","meta":{"content_length":123}}]}</c>. Sizes and the
/// number of documents may be left out, the files too if there is a number.
/// </remarks>
internal sealed class SourceManifest
{
    /// <summary>More is no manifest of <see cref="FrozenVersion.MaxFiles"/> files.</summary>
    public const int MaxBytes = 16 << 20;

    private readonly ImmutableArray<(string Name, long? Size)>? _promised;

    private SourceManifest(StoredFile file, ImmutableArray<(string Name, long? Size)>? promised, long? documents) =>
        (File, _promised, Documents) = (file, promised, documents);

    public StoredFile File { get; }

    /// <summary>Null when it does not say.</summary>
    public long? Documents { get; }

    /// <param name="folder">The URL of the version's folder, ending with a slash: what entries by URL begin with.</param>
    /// <exception cref="SourceException">It is no manifest.</exception>
    public static SourceManifest Read(string version, string folder, StoredFile file, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            var list = Member(root, "files") ?? Member(root, "entries");
            var documents = Member(root, "documents")?.GetInt64();
            if (list is null && documents is null || documents < 0)
            {
                throw new FormatException("it says neither files, nor entries, nor documents of 0 or more");
            }

            return new SourceManifest(file, list is { } entries ? Promises(entries, folder) : null, documents);
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException)
        {
            throw Mismatch($"{version}/{file.Name} is no manifest: {failure.Message.TrimEnd('.')}.");
        }
    }

    /// <exception cref="SourceException">The folder holds something else.</exception>
    public void Check(string version, ImmutableArray<SourceFile> files)
    {
        if (_promised is not { } promised)
        {
            return;
        }

        var there = files.ToDictionary(file => file.Name, StringComparer.Ordinal);
        foreach (var (name, size) in promised)
        {
            if (!there.Remove(name, out var file))
            {
                throw Mismatch($"{version}/{File.Name} names {name}, which is not among the data files, or names it twice.");
            }

            if (size is { } bytes && bytes != file.Size)
            {
                throw Mismatch(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{version}/{name} has {file.Size} bytes; {File.Name} says {bytes}."));
            }
        }

        if (there.Count > 0)
        {
            throw Mismatch($"{version}/{there.Keys.Min(StringComparer.Ordinal)} is not in {File.Name}.");
        }
    }

    private static ImmutableArray<(string, long?)> Promises(JsonElement entries, string folder) =>
        [.. entries.EnumerateArray().Select(entry => (Name(entry, folder), Size(entry)))];

    private static string Name(JsonElement entry, string folder)
    {
        var text = (Member(entry, "name") ?? Member(entry, "url"))?.GetString() ?? throw new FormatException("an entry has no name");
        return text.StartsWith(folder, StringComparison.Ordinal) ? text[folder.Length..]
            : text.Contains("://", StringComparison.Ordinal) ? throw new FormatException($"{text} does not lie below {folder}")
            : text;
    }

    private static long? Size(JsonElement entry) =>
        (Member(entry, "size") ?? (Member(entry, "meta") is { } meta ? Member(meta, "content_length") : null))?.GetInt64();

    private static JsonElement? Member(JsonElement json, string name) =>
        json.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null ? member : null;

    private static SourceException Mismatch(string what) => new(
        DatasetCodes.ManifestMismatch,
        $"{what} Write the version anew with all files first, then the manifest, then the marker; "
        + "or set spec.source.manifest to Ignore.");
}
