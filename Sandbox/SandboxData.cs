using System.Text.Json;
using ClusterGrains.Sandbox.Datasets;

namespace ClusterGrains.Sandbox;

/// <summary>The folder that holds everything, for one sandbox at a time.</summary>
internal sealed class SandboxData : IDisposable
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly FileStream _lock;

    private SandboxData(string folder, FileStream claim, SandboxState state)
    {
        Folder = folder;
        State = state;
        _lock = claim;
    }

    public string Folder { get; }

    public SandboxState State { get; private set; }

    public string Kubeconfig => Path.Combine(Folder, "kubeconfig");

    public string Database => Path.Combine(Folder, "silo.db");

    public string History => Path.Combine(Folder, "history");

    /// <summary>Below it the sources of datasets may lie.</summary>
    public string Source => Path.Combine(Folder, "source");

    /// <summary>Where versions of the first dataset appear.</summary>
    public string Products => Path.Combine(Source, ProductsManifest.Name);

    /// <summary>What the pretend clusters hold.</summary>
    public string Indices => Path.Combine(Folder, "indices");

    public string Log => Path.Combine(Folder, "silo.log");

    private string StateFile => Path.Combine(Folder, "sandbox.json");

    /// <exception cref="SandboxProblem">The folder is in use or unusable.</exception>
    public static SandboxData Open(string folder)
    {
        FileStream claim;
        try
        {
            Directory.CreateDirectory(folder);
            claim = new FileStream(
                Path.Combine(folder, "sandbox.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, "sandbox.lock")))
        {
            throw new SandboxProblem(
                $"--data {folder} is in use by another sandbox; stop that one or choose another folder.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SandboxProblem($"--data {folder} cannot be used: {failure.Message}");
        }

        try
        {
            var file = Path.Combine(folder, "sandbox.json");
            var state = File.Exists(file)
                ? JsonSerializer.Deserialize<SandboxState>(File.ReadAllBytes(file), Readable)
                    ?? throw new JsonException("It is null.")
                : new SandboxState();
            return new SandboxData(folder, claim, state);
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            claim.Dispose();
            throw new SandboxProblem(
                $"{folder}/sandbox.json cannot be read; delete the folder to start afresh. {failure.Message}");
        }
    }

    /// <summary>Remembers. A crash leaves the old or the new state, never half of one.</summary>
    public void Save(SandboxState state)
    {
        File.WriteAllBytes(StateFile + ".new", JsonSerializer.SerializeToUtf8Bytes(state, Readable));
        File.Move(StateFile + ".new", StateFile, overwrite: true);
        State = state;
    }

    public void Dispose() => _lock.Dispose();
}
