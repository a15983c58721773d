using System.Diagnostics;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>
/// A folder that can run full. With rights to mount it is a file system of its own in memory; without, it is a folder that
/// cannot be filled.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Chunk = 4096;

    private readonly bool _mounted;

    private SmallDisk(string path, bool mounted) => (Path, _mounted) = (path, mounted);

    /// <summary>Never runs full.</summary>
    public static SmallDisk Boundless { get; } = new("", mounted: false);

    public string Path { get; }

    public bool CanFill => _mounted;

    public bool IsFull { get; private set; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <param name="mebibytes">Its size; 0 for a folder as any other, which never runs full.</param>
    public static SmallDisk Create(string path, int mebibytes)
    {
        Directory.CreateDirectory(path);
        return new SmallDisk(path, mebibytes > 0 && Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", path));
    }

    /// <summary>Whether this process may mount.</summary>
    public static bool CanMount()
    {
        var folder = Directory.CreateTempSubdirectory("clustergrains-mount-");
        using (var disk = Create(folder.FullName, 1))
        {
            if (!disk._mounted)
            {
                folder.Delete(recursive: true);
                return false;
            }
        }

        folder.Delete();
        return true;
    }

    /// <summary>Not a byte is left.</summary>
    public Task<string> Fill()
    {
        if (!_mounted)
        {
            throw new InvalidOperationException("this disk cannot be filled: the world was not made with small disks, or mounting is not allowed here.");
        }

        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var bytes = new byte[Chunk];
        try
        {
            while (true)
            {
                file.Write(bytes);
            }
        }
        catch (IOException)
        {
            IsFull = true;
        }

        return Task.FromResult("");
    }

    public Task<string> Free()
    {
        File.Delete(Filler);
        IsFull = false;
        return Task.FromResult("");
    }

    public void Dispose()
    {
        if (_mounted)
        {
            Run("umount", "-l", Path);
        }
    }

    private static bool Run(string program, params string[] args)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
