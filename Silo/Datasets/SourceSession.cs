using System.Collections.Immutable;

namespace ClusterGrains.Datasets;

/// <summary>What files mean: folders are versions, markers complete them.</summary>
internal sealed class SourceSession(
    string resourceNamespace, SourceSpec source, ISourceStore store, CompleteVersions complete) : ISourceSession
{
    private const int MaxFolders = 10_000;

    private readonly VersionNames _names = new(source);

    public async Task<ImmutableArray<VersionFolder>> Folders(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var name in store.Folders(cancellationToken))
        {
            if (_names.IsVersion(name))
            {
                names.Add(name);
            }
        }

        var oldestFirst = names.Distinct(StringComparer.Ordinal).Order(_names).TakeLast(MaxFolders).ToArray();
        return [.. await complete.Look(store, resourceNamespace, source, oldestFirst, cancellationToken)];
    }

    public async Task<FrozenVersion?> Freeze(string version, CancellationToken cancellationToken)
    {
        // A pin is a text that a user wrote: it must not lead anywhere else.
        if (!_names.IsVersion(version) || await Marker(version, cancellationToken) is not { } marker)
        {
            return null;
        }

        var files = await DataFiles(version, cancellationToken);
        if (files.Count > FrozenVersion.MaxFiles)
        {
            throw VersionContent.TooMany(version);
        }

        var manifest = await Manifest(version, cancellationToken);
        if (manifest is null && source.Manifest is ManifestUse.Required)
        {
            return null;
        }

        // Once more: whoever writes a folder anew takes the marker away first, and it is not complete before it is back.
        return await Marker(version, cancellationToken) == marker
            ? VersionContent.Freeze(version, source, marker, files, manifest)
            : null;
    }

    public async Task<string?> Digest(string version, CancellationToken cancellationToken) =>
        _names.IsVersion(version) ? VersionContent.Digest(await DataFiles(version, cancellationToken)) : null;

    public async Task<SourceText> Read(string version, SourceFile file, long fromByte, CancellationToken cancellationToken)
    {
        var name = $"{version}/{file.Name}";
        var stored = new StoredFile(name, file.Size, file.ETag);
        var bytes = await store.Open(stored, file.Format is DataFormat.Plain ? fromByte : 0, cancellationToken);
        return await SourceTexts.Open(name, file, bytes, fromByte, cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<StoredFile?> Marker(string version, CancellationToken cancellationToken) =>
        store.Find($"{version}/{source.Marker}", cancellationToken);

    /// <summary>One more than allowed at most.</summary>
    private async Task<List<StoredFile>> DataFiles(string version, CancellationToken cancellationToken)
    {
        var files = new List<StoredFile>();
        await foreach (var file in store.Files(version, cancellationToken))
        {
            if (VersionContent.IsData(file.Name, source))
            {
                files.Add(file);
            }

            if (files.Count > FrozenVersion.MaxFiles)
            {
                break;
            }
        }

        return files;
    }

    private async Task<SourceManifest?> Manifest(string version, CancellationToken cancellationToken)
    {
        var name = $"{version}/{VersionContent.ManifestName}";
        if (source.Manifest is ManifestUse.Ignore || await store.Find(name, cancellationToken) is not { } file)
        {
            return null;
        }

        if (file.Size > SourceManifest.MaxBytes)
        {
            throw new SourceException(
                DatasetCodes.ManifestMismatch, $"{name} has more than {SourceManifest.MaxBytes >> 20} MiB; join the data into fewer files.");
        }

        var body = new byte[file.Size];
        await using var stream = await store.Open(file, 0, cancellationToken);
        await stream.ReadExactlyAsync(body, cancellationToken);
        return SourceManifest.Read(version, $"{store.Url}{version}/", file with { Name = VersionContent.ManifestName }, body);
    }
}
