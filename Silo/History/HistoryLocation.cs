using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ClusterGrains.History;

/// <summary>The store that <see cref="HistoryOptions.Uri"/> names.</summary>
internal abstract partial record HistoryLocation
{
    private HistoryLocation()
    {
    }

    /// <param name="Path">Absolute.</param>
    public sealed record Folder(string Path) : HistoryLocation;

    /// <param name="Bucket">Its name.</param>
    /// <param name="Prefix">Empty, or ends with a slash.</param>
    public sealed record S3(string Bucket, string Prefix) : HistoryLocation;

    /// <param name="problem">What is wrong and how to put it right, the end of a sentence that begins with the URI.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out HistoryLocation? location, [NotNullWhen(false)] out string? problem)
    {
        (location, problem) = text switch
        {
            _ when text.StartsWith("s3:", StringComparison.OrdinalIgnoreCase) => ParseS3(text),
            _ when text.StartsWith("file:", StringComparison.OrdinalIgnoreCase) => ParseFolder(text["file:".Length..]),
            _ => (null, "is neither s3://bucket/prefix nor a folder such as file:///var/lib/clustergrains/history."),
        };
        return problem is null;
    }

    private static (HistoryLocation?, string?) ParseS3(string text)
    {
        var match = S3Uri().Match(text);
        if (!match.Success)
        {
            return (null, "is not s3://bucket/prefix with a bucket of 3 to 63 lower-case letters, digits, dots and dashes; "
                + "credentials belong into History:S3.");
        }

        var prefix = match.Groups["prefix"].Value.Trim('/');
        return (new S3(match.Groups["bucket"].Value, prefix.Length == 0 ? "" : prefix + "/"), null);
    }

    private static (HistoryLocation?, string?) ParseFolder(string rest)
    {
        var relative = !rest.StartsWith('/');
        if (rest.Trim('/').Length == 0)
        {
            return (null, "names no folder; for example file:///var/lib/clustergrains/history.");
        }

        if (rest.StartsWith("//", StringComparison.Ordinal) && !rest.StartsWith("///", StringComparison.Ordinal))
        {
            return (null, "names a host; three slashes begin an absolute folder: file:///var/lib/clustergrains/history.");
        }

        var path = relative ? rest : new Uri("file:///" + rest.TrimStart('/')).LocalPath;
        return (new Folder(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), null);
    }

    [GeneratedRegex("^s3://(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?<prefix>[^?#]*))?$")]
    private static partial Regex S3Uri();
}
