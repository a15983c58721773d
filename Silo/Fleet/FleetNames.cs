using System.Text.RegularExpressions;
using ClusterGrains.Resources;

namespace ClusterGrains.Fleet;

/// <summary>Names as the API server allows them. Whoever asks for another one is told, and nobody else is asked about it.</summary>
internal static partial class FleetNames
{
    private const int MaxShown = 64;

    /// <summary>What is wrong with the name of a namespace; null when nothing is.</summary>
    /// <param name="parameter">Where it was given.</param>
    public static string? ProblemOf(string parameter, string name) => NamespaceForm().IsMatch(name)
        ? null
        : $"{parameter} is {Show(name)}; it must be a namespace: lower-case letters, digits and '-', at most 63.";

    /// <summary>What is wrong with the names of a resource; null when nothing is.</summary>
    public static string? ProblemOf(ResourceKey key) => ProblemOf("namespace", key.Namespace)
        ?? (NameForm().IsMatch(key.Name)
            ? null
            : $"name is {Show(key.Name)}; it must be the name of a resource: lower-case letters, digits, '-' and '.', at most 63.");

    /// <summary>A stranger's value, fit to be shown.</summary>
    public static string Show(string name) => name.Length == 0 ? "empty" : SafeText.Clean(name, MaxShown);

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NamespaceForm();

    [GeneratedRegex(@"\A[a-z0-9]([-.a-z0-9]{0,61}[a-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex NameForm();
}
