using System.Diagnostics.CodeAnalysis;

namespace ClusterGrains.Clusters;

/// <summary>The URL of a cluster, as a user writes it.</summary>
public static class EndpointUrl
{
    public const int MaxCount = 16;
    public const int MaxLength = 512;
    public const string Pattern = @"^https?://[^\s/?#@]+(/[^\s?#]*)?$";

    /// <summary>The URL to which request paths are appended; ends with a slash.</summary>
    /// <param name="cure">What to write instead; null exactly when the text is an endpoint.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? url, [NotNullWhen(false)] out string? cure)
    {
        url = null;
        cure = Cure(text, out var parsed);
        if (cure is not null)
        {
            return false;
        }

        var bare = parsed!.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        url = new Uri(bare.EndsWith('/') ? bare : bare + "/");
        return true;
    }

    /// <exception cref="FormatException">It is no endpoint; an accepted spec has none of these.</exception>
    public static Uri Parse(string text) => TryParse(text, out var url, out var cure) ? url : throw new FormatException(cure);

    private static string? Cure(string text, out Uri? url)
    {
        url = null;
        if (text.Length > MaxLength)
        {
            return $"An endpoint has at most {MaxLength} characters.";
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            return "Write an http or https URL, for example https://logs.prod.svc:9200.";
        }

        // Asked of the text too: "https://@host" and "https://host?" carry the mark but nothing behind it.
        if (url.UserInfo.Length > 0 || Authority(text).Contains('@', StringComparison.Ordinal))
        {
            return "Take the user and password out of the URL, put them in a Secret and name it in spec.auth.basic.secretRef.name.";
        }

        return text.IndexOfAny(['?', '#', ' ', '\\']) >= 0 ? "Take the query, the fragment and blanks out of the URL." : null;
    }

    private static string Authority(string text)
    {
        var start = text.IndexOf("//", StringComparison.Ordinal) + 2;
        var end = text.IndexOf('/', start);
        return end < 0 ? text[start..] : text[start..end];
    }
}
