using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClusterGrains.Datasets;

/// <summary>What follows from a spec for the index of a version. Pure.</summary>
internal static partial class Recipe
{
    /// <summary>Keeps names below the engines' 255 bytes whatever a folder is called.</summary>
    private const int MaxVersion = 100;

    /// <summary>Digest of what an index is made from: with another one, a candidate begins anew.</summary>
    public static string Of(SearchDatasetSpec spec)
    {
        var source = spec.Source with { ExpectNewWithin = null, SecretRef = null, S3 = null };
        var parts = JsonSerializer.SerializeToUtf8Bytes(new { spec.ClusterRef, spec.Alias, Source = source, spec.Index });
        return Convert.ToHexStringLower(SHA256.HashData(parts))[..16];
    }

    /// <summary><c>alias-version-n</c>; <c>n</c> is higher than any that is known or in use.</summary>
    public static (string Index, int Number) Name(string alias, string version, int last, ImmutableArray<IndexView> there)
    {
        var number = 1 + there
            .Select(index => int.TryParse(index.Name[(index.Name.LastIndexOf('-') + 1)..], NumberStyles.None, null, out var n) ? n : 0)
            .Append(last)
            .Where(n => n < 1_000_000)
            .DefaultIfEmpty(0)
            .Max();
        return (Stem(alias, version) + number.ToString(CultureInfo.InvariantCulture), number);
    }

    /// <summary>Whether an index is called as <see cref="Name"/> calls one of this version, under this and no longer alias.</summary>
    public static bool IsNamed(string alias, string version, string index) =>
        Stem(alias, version) is var stem && index.StartsWith(stem, StringComparison.Ordinal)
        && int.TryParse(index.AsSpan(stem.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static string Stem(string alias, string version)
    {
        var clean = Unfit().Replace(version.ToLowerInvariant(), "-");
        return $"{alias}-{clean[..Math.Min(clean.Length, MaxVersion)]}-";
    }

    [GeneratedRegex("[^a-z0-9._-]", RegexOptions.CultureInvariant)]
    private static partial Regex Unfit();
}
