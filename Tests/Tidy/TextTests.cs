using System.Text.RegularExpressions;

namespace ClusterGrains.Tests.Tidy;

public sealed partial class TextTests
{
    private const string ThisFile = "Tests/Tidy/TextTests.cs";

    [Fact]
    public void Nothing_depends_on_the_machine_it_was_written_on() => Rule.Holds(
        "No file names a folder of somebody's machine",
        from path in House.Files
        where path != ThisFile
        from line in Numbered(path)
        where MachinePath().IsMatch(line.Text)
        select $"{path}:{line.Number}: {line.Text.Trim()}");

    [Fact]
    public void Packages_come_from_whatever_source_the_builder_has() => Rule.Holds(
        "No file names a package source",
        House.Files.Where(path => Path.GetFileName(path).Equals("nuget.config", StringComparison.OrdinalIgnoreCase))
            .Concat(House.Files.Where(path => path != ThisFile
                && PackageSource().IsMatch(House.Read(path)))));

    private static IEnumerable<(int Number, string Text)> Numbered(string path) =>
        House.Read(path).Split('\n').Select((text, index) => (index + 1, text));

    [GeneratedRegex(@"(?<![\w.])/(root|home/\w+|Users/\w+|work)/|/tmp/wt\b|[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"<packageSources>|<RestoreSources>|<RestoreAdditionalProjectSources>|--index-url|/v3/index\.json")]
    private static partial Regex PackageSource();
}
