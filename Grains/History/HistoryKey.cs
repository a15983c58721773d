using System.Globalization;

namespace ClusterGrains.History;

/// <summary>What the key of a numbered record says, without opening it.</summary>
internal readonly ref struct HistoryKey
{
    /// <summary>See <see cref="HistoryObject.Resource"/>.</summary>
    public ReadOnlySpan<char> Resource { get; private init; }

    public int Line { get; private init; }

    public long Seq { get; private init; }

    /// <summary>Reads <c>…/resource=R/HHMMSS-line-seq-name.json.gz</c>.</summary>
    /// <returns>False when it is not a key of ours.</returns>
    public static bool TryParse(string key, out HistoryKey parsed)
    {
        parsed = default;
        const string marker = "/resource=";
        var text = key.AsSpan();
        var begin = text.LastIndexOf(marker);
        var slash = text.LastIndexOf('/');
        if (begin < 0 || slash < begin + marker.Length || !text.EndsWith(HistoryObject.Ending, StringComparison.Ordinal))
        {
            return false;
        }

        Span<Range> parts = stackalloc Range[4];
        var name = text[(slash + 1)..];
        if (name.Split(parts, '-') < 4 || !Number(name[parts[1]], out var line) || line > int.MaxValue || !Number(name[parts[2]], out var seq))
        {
            return false;
        }

        parsed = new HistoryKey { Resource = text[(begin + marker.Length)..slash], Line = (int)line, Seq = seq };
        return true;
    }

    private static bool Number(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
