namespace ClusterGrains.Storage;

/// <summary>Keeps a second process out of a database file.</summary>
internal static class SqliteLock
{
    /// <summary>
    /// The lock goes with the process, however it ends. Its file stays: deleting it would race with the next owner.
    /// </summary>
    /// <exception cref="DependencyException">Another process has it.</exception>
    public static IDisposable Take(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException refused)
        {
            throw new DependencyException(
                Dependency.Storage,
                $"{path} is in use by another process: one silo per file. Stop that process, or set "
                + $"Storage:Sqlite:Path to another file. ({refused.Message})",
                refused);
        }
    }
}
