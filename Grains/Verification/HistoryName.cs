using System.Globalization;
using System.Text.RegularExpressions;
using ClusterGrains.History;

namespace ClusterGrains.Verification;

/// <summary>What the key of a history object says of it, without opening it.</summary>
/// <param name="Epoch">Kind, namespace, name and the beginning of the uid: see <see cref="HistoryObject.Resource"/>.</param>
/// <param name="At">Of the record, to the second.</param>
/// <param name="Line">0 for objects that take no number.</param>
/// <param name="Seq">0 for objects that take no number.</param>
/// <param name="Run">Empty when no run did it.</param>
internal sealed partial record HistoryName(RecordKind Record, string Epoch, DateTime At, int Line, long Seq, string Run)
{
    public DateOnly Day => DateOnly.FromDateTime(At);

    public bool IsNumbered => Line > 0;

    /// <summary>Another epoch of the same resource.</summary>
    public string EpochOf(string uid) => Epoch[..(Epoch.LastIndexOf('.') + 1)] + HistoryObject.Short(uid);

    /// <summary>Null for what is no object of ours.</summary>
    public static HistoryName? Parse(string key)
    {
        if (Form().Match(key) is not { Success: true } match
            || !Enum.TryParse<RecordKind>(match.Groups["record"].ValueSpan, ignoreCase: true, out var record)
            || !DateTime.TryParseExact(
                $"{match.Groups["day"].ValueSpan} {match.Groups["time"].ValueSpan}", "yyyy-MM-dd HHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
        {
            return null;
        }

        var (epoch, rest) = (match.Groups["epoch"].Value, match.Groups["rest"].Value);
        if (record is RecordKind.Plan or RecordKind.Rejected)
        {
            return new HistoryName(record, epoch, at, 0, 0, rest.Split('-')[0]);
        }

        return rest.Split('-', 3) is [var line, var seq, var run]
            && int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var numberOfLine) && numberOfLine > 0
            && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? new HistoryName(record, epoch, at, numberOfLine, number, IsKind(run, record) ? "" : run)
                : null;
    }

    /// <summary>In the place of the run stands the kind of record where no run did it.</summary>
    private static bool IsKind(string run, RecordKind record) => run.Equals(record.ToString(), StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(
        @"\Av1/history/record=(?<record>[a-z]+)/dt=(?<day>[0-9-]{10})/resource=(?<epoch>[^/]+)/(?<time>[0-9]{6})-(?<rest>[^/]+)\.json\.gz\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
