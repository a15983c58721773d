namespace ClusterGrains.Sandbox.Kubernetes;

/// <summary>Files only their owner may read: they hold keys, tokens and Secrets.</summary>
internal static class OwnerFile
{
    /// <summary>A new, empty file; one that is there is replaced.</summary>
    public static FileStream Create(string path)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    /// <summary>Written beside its place and moved there, so that readers see all or nothing.</summary>
    public static void Write(string path, string text)
    {
        var draft = path + ".new";
        using (var writer = new StreamWriter(Create(draft)))
        {
            writer.Write(text);
        }

        File.Move(draft, path, overwrite: true);
    }
}
