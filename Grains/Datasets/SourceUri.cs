using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ClusterGrains.Datasets;

/// <summary>Where the versions of a dataset lie, as <see cref="SourceSpec.Uri"/> names it.</summary>
public abstract partial record SourceUri
{
    public const int MaxLength = 512;

    private SourceUri()
    {
    }

    /// <summary>A folder of the operator's own file system.</summary>
    /// <param name="Path">Absolute, without a slash at its end.</param>
    public sealed record Folder(string Path) : SourceUri
    {
        public override string ToString() => $"file://{Path}";
    }

    /// <summary>A part of an S3 bucket.</summary>
    /// <param name="Bucket">Its name.</param>
    /// <param name="Prefix">Empty, or ends with a slash.</param>
    public sealed record S3(string Bucket, string Prefix) : SourceUri
    {
        public override string ToString() => $"s3://{Bucket}/{Prefix}".TrimEnd('/');
    }

    /// <param name="cure">What to write instead; null exactly when the text is a source.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out SourceUri? uri, [NotNullWhen(false)] out string? cure)
    {
        (uri, cure) = text switch
        {
            { Length: > MaxLength } => (null, $"A source has at most {MaxLength} characters."),
            _ when text.StartsWith("s3:", StringComparison.Ordinal) => ParseS3(text),
            _ when text.StartsWith("file:", StringComparison.Ordinal) => ParseFolder(text),
            _ => (null, "Write s3://bucket/prefix or file:///folder."),
        };
        return cure is null;
    }

    /// <exception cref="FormatException">It is no source; an accepted spec has none of these.</exception>
    public static SourceUri Parse(string text) => TryParse(text, out var uri, out var cure) ? uri : throw new FormatException(cure);

    private static (SourceUri?, string?) ParseS3(string text)
    {
        if (text.Contains('@', StringComparison.Ordinal) && !S3Text().IsMatch(text))
        {
            return (null, "Take the keys out of the URI, put them as accessKey and secretKey into a Secret and name it in "
                + "spec.source.secretRef.name.");
        }

        var match = S3Text().Match(text);
        if (!match.Success)
        {
            return (null, "Write s3://bucket/prefix with a bucket of 3 to 63 lower case letters, digits, dots and dashes, "
                + "and without '?' and '#'.");
        }

        var prefix = match.Groups["prefix"].Value.Trim('/');
        return (new S3(match.Groups["bucket"].Value, prefix.Length == 0 ? "" : prefix + "/"), null);
    }

    private static (SourceUri?, string?) ParseFolder(string text)
    {
        if (!text.StartsWith("file:///", StringComparison.Ordinal))
        {
            return (null, "Write an absolute folder with three slashes, for example file:///data/products.");
        }

        if (text.IndexOfAny(['?', '#', '\0']) >= 0)
        {
            return (null, "Write '?' and '#' in the name of a folder as %3F and %23.");
        }

        var path = Uri.UnescapeDataString(text["file://".Length..]).TrimEnd('/');
        return path switch
        {
            "" => (null, "Name a folder, for example file:///data/products."),
            _ when path.Contains('\0', StringComparison.Ordinal) || path.Split('/').Any(part => part is "." or "..") =>
                (null, "Write the folder without '.' and '..' in its path."),
            _ => (new Folder(path), null),
        };
    }

    [GeneratedRegex("^s3://(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?<prefix>[^?#]*))?$")]
    private static partial Regex S3Text();
}
