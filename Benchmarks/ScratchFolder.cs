namespace ClusterGrains.Benchmarks;

/// <summary>A folder for one run of a scenario; gone after it.</summary>
internal static class ScratchFolder
{
    /// <returns>The exit code.</returns>
    public static async Task<int> Use(string name, Func<string, Task> run)
    {
        var folder = Directory.CreateTempSubdirectory($"clustergrains-{name}-");
        try
        {
            await run(folder.FullName);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
