namespace ClusterGrains.Fleet;

/// <summary>How many resources there are, by what is known of them.</summary>
internal sealed class FleetCount
{
    /// <summary>Reasons are codes of ours, a few dozen; should a mistake ever make more of them, they are counted together.</summary>
    private const int MaxReasons = 100;

    private const string Unknown = "Unknown";

    private readonly Dictionary<(string Kind, string Phase, string Verdict), int> _verdicts = [];
    private readonly Dictionary<(string Kind, string Reason), int> _unknown = [];

    public IReadOnlyDictionary<(string Kind, string Phase, string Verdict), int> Verdicts => _verdicts;

    /// <summary>Those of which nothing fresh is known, by why not.</summary>
    public IReadOnlyDictionary<(string Kind, string Reason), int> UnknownOnes => _unknown;

    /// <param name="verdict">Of a dataset its phase; null when nothing was ever said of it.</param>
    public void Add(string kind, string phase, string? verdict, string? reason)
    {
        Add(_verdicts, (kind, phase, verdict ?? Unknown));
        if (verdict is null or Unknown)
        {
            var why = (kind, reason ?? "NeverJudged");
            Add(_unknown, _unknown.Count < MaxReasons || _unknown.ContainsKey(why) ? why : (kind, "Other"));
        }
    }

    private static void Add<TKey>(Dictionary<TKey, int> counts, TKey key)
        where TKey : notnull => counts[key] = counts.GetValueOrDefault(key) + 1;
}
