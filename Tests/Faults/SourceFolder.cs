namespace ClusterGrains.Tests.Faults;

/// <summary>Where a producer leaves versions: a folder for each, with a marker once it is complete.</summary>
internal sealed class SourceFolder(string path)
{
    private const string Marker = "_SUCCESS";

    public string Uri => $"file://{path}";

    /// <summary>All files first, the marker last.</summary>
    public void Publish(Corpus corpus)
    {
        Write(corpus);
        Mark(corpus.Version);
    }

    /// <summary>All files, and no marker.</summary>
    public void Write(Corpus corpus)
    {
        foreach (var file in corpus.Files.Keys)
        {
            Write(corpus.Version, file, corpus.Bytes(file));
        }
    }

    /// <summary>One file in one step, as careful producers do it.</summary>
    public void Write(string version, string file, ReadOnlySpan<byte> bytes)
    {
        var target = Path.Combine(Directory.CreateDirectory(Path.Combine(path, version)).FullName, file);
        File.WriteAllBytes($"{path}.new", bytes);
        File.Move($"{path}.new", target, overwrite: true);
    }

    public void Mark(string version) => Write(version, Marker, []);

    public void Unmark(string version) => File.Delete(Path.Combine(path, version, Marker));
}
