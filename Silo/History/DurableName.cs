using System.Runtime.InteropServices;

namespace ClusterGrains.History;

/// <summary>
/// Two system calls that the base library has no method for: <see cref="File.Move(string, string)"/> looks and then
/// renames on Unix, so of two movers the second silently wins.
/// </summary>
internal static partial class DurableName
{
    private const int FileExists = 17;

    /// <summary>Gives a finished file its name.</summary>
    /// <returns>False when the name is taken.</returns>
    /// <exception cref="IOException">The file system refused, for example because it has no hard links.</exception>
    public static bool TryGive(string file, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return TryMove(file, name);
        }

        if (Link(file, name) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == FileExists
            ? false
            : throw new IOException($"link: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    /// <summary>Makes the names in a folder survive a power cut. Windows journals them.</summary>
    public static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, flags: 0);
        if (descriptor < 0)
        {
            throw new IOException($"open {folder}: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        // Not every file system can sync a folder; then there is nothing more to do.
        _ = Fsync(descriptor);
        _ = Close(descriptor);
    }

    private static bool TryMove(string file, string name)
    {
        try
        {
            File.Move(file, name);
            return true;
        }
        catch (IOException) when (File.Exists(name))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
