using System.Collections.Immutable;

namespace ClusterGrains.Tests.Tidy;

/// <summary>The repository as it lies on the disk: what the tidy tests read.</summary>
internal static class House
{
    /// <summary>The projects whose code ships or plays the world around it; the rules are strictest here.</summary>
    public static readonly ImmutableArray<string> Product = ["Interfaces", "Grains", "Silo", "Sandbox"];

    private static readonly string[] NotOurs = ["bin", "obj", ".git", ".vs", ".idea", "TestResults", "sandbox-data", "node_modules"];

    private static readonly string[] Text =
        [".cs", ".csproj", ".props", ".sln", ".json", ".yaml", ".yml", ".md", ".sh", ".txt", ".html", ".css", ".js", ".editorconfig", ".gitignore", ""];

    private static readonly Lazy<ImmutableArray<SourceFile>> Parsed =
        new(() => [.. Files.Where(path => path.EndsWith(".cs", StringComparison.Ordinal)).Select(SourceFile.Read)]);

    public static string Root { get; } = FindRoot();

    /// <summary>Every text file, as a path from the root with slashes, in order.</summary>
    public static ImmutableArray<string> Files { get; } = [.. Walk(Root).Order(StringComparer.Ordinal)];

    /// <summary>Every C# file.</summary>
    public static ImmutableArray<SourceFile> Sources => Parsed.Value;

    /// <summary>The C# files of <see cref="Product"/>.</summary>
    public static IEnumerable<SourceFile> ProductSources => Sources.Where(source => Product.Contains(source.Project));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => Text.Contains(Path.GetExtension(file))))
        {
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        }

        var folders = Directory.EnumerateDirectories(folder).Where(child => !NotOurs.Contains(Path.GetFileName(child)));
        foreach (var file in folders.SelectMany(Walk))
        {
            yield return file;
        }
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "ClusterGrains.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"There is no ClusterGrains.sln above {AppContext.BaseDirectory}.");
    }
}
