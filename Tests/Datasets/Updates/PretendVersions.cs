using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>A source in memory: each version some files of documents and a marker.</summary>
internal sealed class PretendVersions(Mishaps mishaps) : IVersionSource, ISourceSession
{
    public SortedDictionary<string, PretendVersion> All { get; } = new(StringComparer.Ordinal);

    public DependencyException? Down { get; set; }

    /// <param name="docs">How many in each file.</param>
    public PretendVersion Add(string version, params int[] docs)
    {
        var added = new PretendVersion();
        for (var file = 0; file < docs.Length; file++)
        {
            added.Files[$"part-{file}.ndjson"] =
                [.. Enumerable.Range(0, docs[file]).Select(line => $"{{\"v\":\"{version}\",\"f\":{file},\"l\":{line}}}")];
        }

        return All[version] = added;
    }

    public Task<ISourceSession> Open(string resourceNamespace, SourceSpec source, CancellationToken cancellationToken) =>
        Do<ISourceSession>(() => this);

    public Task<ImmutableArray<VersionFolder>> Folders(CancellationToken cancellationToken) => Do(() =>
        All.Select(one => new VersionFolder(one.Key, one.Value is { HasMarker: true, IsOverlooked: false })).ToImmutableArray());

    public Task<FrozenVersion?> Freeze(string version, CancellationToken cancellationToken) => Do(() =>
        !All.TryGetValue(version, out var there) || !there.HasMarker ? null
        : there.Unusable is { } unusable ? throw unusable
        : there.Frozen(version));

    public Task<string?> Digest(string version, CancellationToken cancellationToken) => Do(() =>
        All[version].Undigestible is { } undigestible ? throw undigestible
        : All[version].Files.Count == 0 ? null : All[version].Frozen(version).Fingerprint);

    public Task<SourceText> Read(string version, SourceFile file, long fromByte, CancellationToken cancellationToken) => Do(() =>
    {
        var text = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', All[version].Files[file.Name])));
        text.Position = fromByte;
        return new SourceText(text, () => text.Position);
    });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<T> Do<T>(Func<T> effect)
    {
        try
        {
            return Down is { } down ? throw down : Task.FromResult(mishaps.At(effect));
        }
        catch (Exception failure)
        {
            return Task.FromException<T>(failure);
        }
    }
}

internal sealed class PretendVersion
{
    public SortedDictionary<string, string[]> Files { get; } = new(StringComparer.Ordinal);

    public bool HasMarker { get; set; } = true;

    /// <summary>Too old for a look to ask for its marker.</summary>
    public bool IsOverlooked { get; set; }

    public long? Documents { get; set; }

    public SourceException? Unusable { get; set; }

    /// <summary>Why it cannot be looked into while it has no marker.</summary>
    public DependencyException? Undigestible { get; set; }

    /// <summary>Another one stands for files that were written again.</summary>
    public int Edition { get; set; } = 1;

    public FrozenVersion Frozen(string name) => new(
        name,
        [.. Files.Select(file => new SourceFile(
            file.Key, file.Value.Sum(line => line.Length + 1), $"e{Edition}", DataFormat.Plain))],
        string.Create(CultureInfo.InvariantCulture, $"{name}#{Edition}#{Files.Sum(file => file.Value.Length)}"),
        Documents);
}
