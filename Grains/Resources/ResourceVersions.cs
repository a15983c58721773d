using System.Globalization;

namespace ClusterGrains.Resources;

/// <summary>Resource versions of one kind may be compared as numbers (KEP-5504); any other text is never comparable.</summary>
internal static class ResourceVersions
{
    /// <summary>Whether <paramref name="one"/> was certainly written after <paramref name="other"/>.</summary>
    public static bool After(string one, string other) =>
        ulong.TryParse(one, CultureInfo.InvariantCulture, out var first)
        && ulong.TryParse(other, CultureInfo.InvariantCulture, out var second)
        && first > second;
}
