namespace ClusterGrains.Fleet;

/// <summary>How many resources there are, by what is known of them, in each namespace.</summary>
/// <param name="At">When they were counted.</param>
internal sealed class FleetCount(DateTimeOffset at)
{
    public const string Unknown = "Unknown";

    /// <summary>The reason of a resource of which nothing was ever said.</summary>
    public const string NeverJudged = nameof(NeverJudged);

    /// <summary>Reasons are codes of ours, a few dozen; should a mistake ever make more of them, they are counted together.</summary>
    private const int MaxReasons = 100;

    private readonly HashSet<(string Kind, string Reason)> _reasons = [];
    private readonly Dictionary<Group, int> _groups = [];

    public DateTimeOffset At => at;

    /// <summary>Each group of resources that there is, and how many they are.</summary>
    public IReadOnlyDictionary<Group, int> Groups => _groups;

    /// <param name="verdict">Of a dataset its phase; null when nothing was ever said of it.</param>
    public void Add(string kind, string @namespace, string phase, string? verdict, string? reason)
    {
        var group = new Group(kind, @namespace, phase, verdict ?? Unknown, verdict is null or Unknown ? Known(kind, reason ?? NeverJudged) : null);
        _groups[group] = _groups.GetValueOrDefault(group) + 1;
    }

    private string Known(string kind, string reason) =>
        _reasons.Contains((kind, reason)) || (_reasons.Count < MaxReasons && _reasons.Add((kind, reason))) ? reason : "Other";

    /// <summary>Resources of which the same is known.</summary>
    /// <param name="Why">Nothing fresh is known of them; null when something is.</param>
    internal readonly record struct Group(string Kind, string Namespace, string Phase, string Verdict, string? Why);
}
