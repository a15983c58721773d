namespace ClusterGrains.Clusters;

/// <summary>The parts of a version that decide anything: of <c>8.15.2-SNAPSHOT</c>, 8 and 15.</summary>
internal readonly record struct EngineVersion(int Major, int Minor)
{
    /// <summary>Null for a text that does not begin with a number.</summary>
    public static EngineVersion? Parse(string text)
    {
        var parts = text.Split('.', '-', '+');
        if (!int.TryParse(parts[0], out var major) || major < 0)
        {
            return null;
        }

        return new EngineVersion(major, parts.Length > 1 && int.TryParse(parts[1], out var minor) ? minor : 0);
    }

    public bool AtLeast(int major, int minor) => Major > major || (Major == major && Minor >= minor);
}
