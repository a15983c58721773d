namespace ClusterGrains.Tests.Upgrade;

/// <summary>
/// What a version published, checked in, so that every later version is tried on it. A golden file is never edited once its version
/// is released; a change adds the next number.
/// </summary>
internal static class GoldenFile
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Upgrade", "Golden");

    public static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));

    /// <summary>When it is not, what should be checked in instead, or under the next number, is left in the output folder.</summary>
    public static void AssertNewest(string family, string ending, string today)
    {
        var name = Names(family).LastOrDefault($"{family}-1{ending}");
        var file = Path.Combine(Folder, name);
        if (!File.Exists(file) || File.ReadAllText(file) != today)
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(file + ".actual", today);
            Assert.Fail($"Today's differs from the newest golden one. Compare {file} with {file}.actual.");
        }
    }

    /// <summary>All of a family, as <c>family-1.txt</c>, oldest first.</summary>
    public static IEnumerable<string> Names(string family) => Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder, $"{family}-*").Where(file => !file.EndsWith(".actual", StringComparison.Ordinal))
            .Select(Path.GetFileName).Order(StringComparer.Ordinal)!
        : [];
}
