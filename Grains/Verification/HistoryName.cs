using ClusterGrains.History;

namespace ClusterGrains.Verification;

/// <summary>What the key of a history object says of it, to be kept: see <see cref="HistoryKey"/>.</summary>
/// <param name="Epoch">Kind, namespace, name and the beginning of the uid: see <see cref="HistoryObject.Resource"/>.</param>
/// <param name="At">Of the record, to the second.</param>
/// <param name="Line">0 for objects that take no number.</param>
/// <param name="Seq">0 for objects that take no number.</param>
/// <param name="Run">Empty when no run did it.</param>
internal sealed record HistoryName(RecordKind Record, string Epoch, DateTime At, int Line, long Seq, string Run)
{
    public DateOnly Day => DateOnly.FromDateTime(At);

    public bool IsNumbered => Line > 0;

    /// <summary>Another epoch of the same resource.</summary>
    public string EpochOf(string uid) => Epoch[..(Epoch.LastIndexOf('.') + 1)] + HistoryObject.Short(uid);

    /// <summary>Null for what is no object of ours.</summary>
    public static HistoryName? Parse(string key) => HistoryKey.TryParse(key, out var parsed)
        ? new HistoryName(
            parsed.Record, parsed.Resource.ToString(), parsed.At, parsed.Line, parsed.Seq, IsKind(parsed) ? "" : parsed.Run.ToString())
        : null;

    /// <summary>In the place of the run stands the kind of record where no run did it.</summary>
    private static bool IsKind(HistoryKey key) => key.Run.Equals(key.Record.ToString(), StringComparison.OrdinalIgnoreCase);
}
