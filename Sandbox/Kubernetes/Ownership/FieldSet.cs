using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Ownership;

/// <summary>
/// A set of field paths, in the shape of <c>fieldsV1</c>: elements are <c>f:name</c>, <c>k:{"key":"value"}</c> and
/// <c>v:value</c>. A path can be a member with or without members below it.
/// </summary>
internal sealed class FieldSet
{
    private readonly SortedDictionary<string, FieldSet> _children = new(StringComparer.Ordinal);

    /// <summary>Whether the path that leads here is itself in the set.</summary>
    public bool IsMember { get; private set; }

    public IReadOnlyDictionary<string, FieldSet> Children => _children;

    public bool IsEmpty => !IsMember && _children.Count == 0;

    public static FieldSet FromJson(JsonObject fields)
    {
        var set = new FieldSet { IsMember = fields.Count == 0 || fields.ContainsKey(".") };
        foreach (var (element, below) in fields.Where(f => f.Key != "."))
        {
            set._children[element] = FromJson(below as JsonObject ?? []);
        }

        return set;
    }

    public JsonObject ToJson()
    {
        var fields = new JsonObject();
        if (IsMember && _children.Count > 0)
        {
            fields["."] = new JsonObject();
        }

        foreach (var (element, below) in _children)
        {
            fields[element] = below.ToJson();
        }

        return fields;
    }

    public void Add(IEnumerable<string> path) =>
        path.Aggregate(this, (at, element) => at.Ensure(element)).IsMember = true;

    public FieldSet Union(FieldSet other) => Combine(other, (mine, theirs) => mine || theirs);

    public FieldSet Difference(FieldSet other) => Combine(other, (mine, theirs) => mine && !theirs);

    public FieldSet Intersection(FieldSet other) => Combine(other, (mine, theirs) => mine && theirs);

    /// <summary>Without an element and everything below it.</summary>
    public FieldSet Without(string element) => Where(e => e != element);

    /// <summary>Only an element and everything below it.</summary>
    public FieldSet Only(string element) => Where(e => e == element);

    public bool SetEquals(FieldSet other) =>
        IsMember == other.IsMember && _children.Count == other._children.Count
        && _children.All(c => other._children.TryGetValue(c.Key, out var theirs) && c.Value.SetEquals(theirs));

    /// <summary>Every member, in order.</summary>
    public IEnumerable<string[]> Paths() => Paths([]);

    private IEnumerable<string[]> Paths(string[] prefix)
    {
        if (IsMember)
        {
            yield return prefix;
        }

        foreach (var path in _children.SelectMany(child => child.Value.Paths([.. prefix, child.Key])))
        {
            yield return path;
        }
    }

    private FieldSet Where(Func<string, bool> keep)
    {
        var result = new FieldSet { IsMember = IsMember };
        foreach (var (element, below) in _children.Where(c => keep(c.Key)))
        {
            result._children[element] = below;
        }

        return result;
    }

    private FieldSet Ensure(string element)
    {
        if (!_children.TryGetValue(element, out var child))
        {
            _children[element] = child = new FieldSet();
        }

        return child;
    }

    private FieldSet Combine(FieldSet other, Func<bool, bool, bool> rule)
    {
        var result = new FieldSet { IsMember = rule(IsMember, other.IsMember) };
        foreach (var element in _children.Keys.Union(other._children.Keys))
        {
            var mine = _children.GetValueOrDefault(element) ?? new FieldSet();
            var theirs = other._children.GetValueOrDefault(element) ?? new FieldSet();
            if (mine.Combine(theirs, rule) is { IsEmpty: false } combined)
            {
                result._children[element] = combined;
            }
        }

        return result;
    }
}
