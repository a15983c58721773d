using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using ClusterGrains.Storage;

namespace ClusterGrains.Fleet;

/// <summary>How many resources there are, by what is known of them, in each namespace; and which of them need somebody.</summary>
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
    private readonly List<FleetTrouble> _troubles = [];

    public DateTimeOffset At => at;

    /// <summary>Each group of resources that there is, and how many they are.</summary>
    public IReadOnlyDictionary<Group, int> Groups => _groups;

    /// <summary>Every active resource that needs somebody, in no order.</summary>
    public IReadOnlyCollection<FleetTrouble> Troubles => _troubles;

    /// <param name="item">What is said of it now.</param>
    public void Add(ResourceKind kind, IndexRow row, JsonObject item)
    {
        var verdict = FleetItem.Text(item, "verdict") ?? Unknown;
        var reason = FleetItem.Text(item, "reason") ?? NeverJudged;
        var needed = verdict == Unknown || !kind.CalmReasons.Contains(reason) ? Known(kind.Name, reason) : null;
        var group = new Group(kind.Name, row.Namespace, row.Phase, verdict, needed);
        _groups[group] = _groups.GetValueOrDefault(group) + 1;
        if (needed is not null && row.Phase == nameof(ResourcePhase.Active))
        {
            _troubles.Add(FleetTrouble.Of(kind, row, item, verdict, needed, at));
        }
    }

    private string Known(string kind, string reason) =>
        _reasons.Contains((kind, reason)) || (_reasons.Count < MaxReasons && _reasons.Add((kind, reason))) ? reason : "Other";

    /// <summary>Resources of which the same is known.</summary>
    /// <param name="Reason">Why they need somebody; null when they do not.</param>
    internal readonly record struct Group(string Kind, string Namespace, string Phase, string Verdict, string? Reason);
}
