using System.Text.Json.Nodes;

namespace ClusterGrains.Fleet;

/// <summary>Records of one resource, the newest first, and how far the page has come.</summary>
internal sealed class FleetHistoryPage(int limit, int maxBytes)
{
    private readonly List<JsonNode> _items = [];
    private readonly JsonArray _unreadable = [];
    private long _bytes;

    /// <summary>Everything from here on has been looked at; null when nothing has.</summary>
    public HistoryPlace? Reached { get; private set; }

    /// <summary>Whether there may be more before <see cref="Reached"/>.</summary>
    public bool IsPart { get; set; } = true;

    public bool IsEmpty => _items.Count == 0 && _unreadable.Count == 0;

    /// <summary>How many records still fit.</summary>
    public int Room => _bytes >= maxBytes ? 0 : limit - _items.Count - _unreadable.Count;

    /// <param name="bytes">That the record took, uncompressed.</param>
    public void Add(HistoryPlace place, JsonNode record, int bytes)
    {
        _items.Add(record);
        _bytes += bytes;
        Reached = place;
    }

    /// <summary>An object that is there and cannot be shown.</summary>
    public void AddUnreadable(HistoryPlace place, string key, string problem)
    {
        _unreadable.Add(new JsonObject { ["key"] = key, ["problem"] = problem });
        Reached = place;
    }

    /// <summary>There is nothing at this place, or no more after it.</summary>
    public void Pass(HistoryPlace place) => Reached = place;

    public JsonObject ToJson() => new()
    {
        ["items"] = new JsonArray([.. _items]),
        ["unreadable"] = _unreadable,
        ["continue"] = IsPart ? Reached?.Token() : null,
    };
}
