using System.Globalization;

namespace ClusterGrains.History;

/// <summary>
/// What the key of an object says, without opening it: <c>v1/history/record=K/dt=D/resource=R/HHMMSS-line-seq-run.json.gz</c>, of those
/// that take no number <c>…/HHMMSS-run….json.gz</c>.
/// </summary>
internal readonly ref struct HistoryKey
{
    private const string Root = "v1/history/record=";
    private const int TimeDigits = 6;

    public RecordKind Record { get; private init; }

    /// <summary>Of the record, to the second.</summary>
    public DateTime At { get; private init; }

    /// <summary>See <see cref="HistoryObject.Resource"/>.</summary>
    public ReadOnlySpan<char> Resource { get; private init; }

    /// <summary>0 for objects that take no number.</summary>
    public int Line { get; private init; }

    /// <summary>0 for objects that take no number.</summary>
    public long Seq { get; private init; }

    /// <summary>The run that did it; where none did, the kind of record.</summary>
    public ReadOnlySpan<char> Run { get; private init; }

    public bool IsNumbered => Line > 0;

    /// <returns>False when it is not a key of ours.</returns>
    public static bool TryParse(string key, out HistoryKey parsed)
    {
        parsed = default;
        Span<Range> parts = stackalloc Range[5];
        if (!key.StartsWith(Root, StringComparison.Ordinal) || !key.EndsWith(HistoryObject.Ending, StringComparison.Ordinal)
            || key.Length < Root.Length + HistoryObject.Ending.Length)
        {
            return false;
        }

        var path = key.AsSpan()[Root.Length..^HistoryObject.Ending.Length];
        if (path.Split(parts, '/') != 4 || !TryKind(path[parts[0]], out var record)
            || !TryValue(path[parts[1]], "dt=", out var day) || !TryValue(path[parts[2]], "resource=", out var resource)
            || !TryTime(day, path[parts[3]], out var at))
        {
            return false;
        }

        var known = new HistoryKey { Record = record, At = at, Resource = resource };
        var name = path[parts[3]][(TimeDigits + 1)..];
        var pieces = name.Split(parts[..3], '-');
        if (record is RecordKind.Plan or RecordKind.Rejected)
        {
            parsed = known with { Run = name[parts[0]] };
            return true;
        }

        if (pieces < 3 || !Number(name[parts[0]], out var line) || line > int.MaxValue || !Number(name[parts[1]], out var seq))
        {
            return false;
        }

        parsed = known with { Line = (int)line, Seq = seq, Run = name[parts[2]] };
        return true;
    }

    private static bool TryKind(ReadOnlySpan<char> text, out RecordKind record)
    {
        record = default;
        return !text.ContainsAnyExceptInRange('a', 'z') && Enum.TryParse(text, ignoreCase: true, out record);
    }

    private static bool TryValue(ReadOnlySpan<char> folder, string name, out ReadOnlySpan<char> value)
    {
        value = folder.StartsWith(name, StringComparison.Ordinal) ? folder[name.Length..] : default;
        return !value.IsEmpty;
    }

    private static bool TryTime(ReadOnlySpan<char> day, ReadOnlySpan<char> name, out DateTime at)
    {
        at = default;
        if (name.Length < TimeDigits + 2 || name[TimeDigits] != '-'
            || !DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            || !TimeOnly.TryParseExact(name[..TimeDigits], "HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return false;
        }

        at = date.ToDateTime(time);
        return true;
    }

    private static bool Number(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
