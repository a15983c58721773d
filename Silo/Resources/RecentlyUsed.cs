using System.Diagnostics.CodeAnalysis;

namespace ClusterGrains.Resources;

/// <summary>A bounded map that forgets what was not used for the longest time. Safe for several threads.</summary>
internal sealed class RecentlyUsed<TKey, TValue>(int capacity, Action<TValue>? forgotten = null)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _newestFirst = [];

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue(key, out var node))
            {
                value = default;
                return false;
            }

            _newestFirst.Remove(node);
            _newestFirst.AddFirst(node);
            value = node.Value.Value;
            return true;
        }
    }

    public TValue GetOrAdd(TKey key, Func<TKey, TValue> create)
    {
        lock (_lock)
        {
            if (!TryGet(key, out var value))
            {
                value = create(key);
                Set(key, value);
            }

            return value;
        }
    }

    public void Set(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_nodes.Remove(key, out var known))
            {
                _newestFirst.Remove(known);
            }

            _nodes[key] = _newestFirst.AddFirst((key, value));
            if (_nodes.Count > capacity)
            {
                var oldest = _newestFirst.Last!.Value;
                _newestFirst.RemoveLast();
                _nodes.Remove(oldest.Key);
                forgotten?.Invoke(oldest.Value);
            }
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            foreach (var (_, value) in _newestFirst)
            {
                forgotten?.Invoke(value);
            }

            _newestFirst.Clear();
            _nodes.Clear();
        }
    }
}
