using System.IO.Enumeration;
using System.Text;

namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>What an index or an alias may be called.</summary>
internal static class IndexNames
{
    private const int LongestBytes = 255;
    private const string Forbidden = "\\/*?\"<>| ,";

    /// <summary>Why an index cannot have this name; null when it can.</summary>
    public static EngineError? Refuse(string name)
    {
        if (Why(name) is { } why)
        {
            return IndexErrors.BadName(name, why);
        }

        return name.Any(char.IsUpper) ? IndexErrors.BadName(name, "must be lowercase") : null;
    }

    /// <summary>Why an alias cannot have this name; null when it can.</summary>
    public static EngineError? RefuseAlias(string name) => Why(name) is { } why
        ? new EngineError(400, "invalid_alias_name_exception", $"Invalid alias name [{name}]: {why}")
        : null;

    public static bool IsPattern(string name) => name.Contains('*', StringComparison.Ordinal) || name == "_all";

    /// <param name="pattern">Or a name, which matches itself.</param>
    public static bool Matches(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern == "_all" ? "*" : pattern, name, ignoreCase: false);

    private static string? Why(string name)
    {
        if (name.IndexOfAny([.. Forbidden]) >= 0)
        {
            return "must not contain the following characters [ , \", *, \\, <, |, ,, >, /, ?]";
        }

        if (name.Contains('#', StringComparison.Ordinal))
        {
            return "must not contain '#'";
        }

        if (name.Contains(':', StringComparison.Ordinal))
        {
            return "must not contain ':'";
        }

        if (name.Length == 0 || name[0] is '_' or '-' or '+')
        {
            return "must not start with '_', '-', or '+'";
        }

        return name is "." or ".." ? "must not be '.' or '..'"
            : Encoding.UTF8.GetByteCount(name) is > LongestBytes and var length
                ? $"index name is too long, ({length} > {LongestBytes})"
                : null;
    }
}
