using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;

namespace ClusterGrains.Sandbox.Kubernetes.Objects;

/// <summary>
/// All objects, under one revision counter as in etcd. Writers run one at a time inside <see cref="Exclusively"/>;
/// readers take immutable snapshots. Recent changes are kept in a window, from which watches are served and older
/// states are rebuilt.
/// </summary>
internal sealed class ObjectStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ResourceDefinition, ImmutableSortedDictionary<ObjectKey, StoredObject>> _objects = [];
    private readonly List<Subscription> _subscriptions = [];
    private readonly EventWindow _window;
    private readonly ObjectJournal? _journal;
    private readonly int _maxObjects;

    /// <param name="historyLength">How many changes are remembered.</param>
    /// <param name="maxObjects">A write that would exceed this is refused.</param>
    /// <param name="journal">Where objects survive a restart; null keeps them in memory only.</param>
    public ObjectStore(ResourceCatalog catalog, int historyLength, int maxObjects, ObjectJournal? journal)
    {
        _maxObjects = maxObjects;
        foreach (var definition in catalog.All)
        {
            _objects[definition] = ImmutableSortedDictionary<ObjectKey, StoredObject>.Empty;
        }

        // Real servers never count from zero, and clients take 0 as "any".
        Revision = 1;
        if (journal is not null)
        {
            Revision = journal.Open(catalog, (definition, stored) =>
                _objects[definition] = _objects[definition].SetItem(stored.Key, stored));
        }

        // Set last, so that what was read is not written again.
        _journal = journal;
        _window = new EventWindow(historyLength, Revision);
    }

    /// <summary>The revision of the newest change.</summary>
    public long Revision { get; private set; }

    /// <summary>Changes up to here are forgotten.</summary>
    public long CompactedRevision
    {
        get
        {
            lock (_gate)
            {
                return _window.Compacted;
            }
        }
    }

    /// <summary>Runs a read-modify-write that no other writer can come between. May be nested.</summary>
    public T Exclusively<T>(Func<T> action)
    {
        lock (_gate)
        {
            return action();
        }
    }

    public StoredObject? Get(ResourceDefinition definition, ObjectKey key)
    {
        lock (_gate)
        {
            return _objects[definition].GetValueOrDefault(key);
        }
    }

    /// <summary>Everything of one kind as of now, and the revision of now.</summary>
    public (IReadOnlyCollection<StoredObject> Objects, long Revision) Snapshot(ResourceDefinition definition)
    {
        lock (_gate)
        {
            return (new ValueCollection(_objects[definition]), Revision);
        }
    }

    /// <summary>Everything of one kind as of an earlier revision; null when that is forgotten.</summary>
    public IReadOnlyCollection<StoredObject>? SnapshotAt(ResourceDefinition definition, long revision)
    {
        lock (_gate)
        {
            if (revision < _window.Compacted || revision > Revision)
            {
                return null;
            }

            var state = _objects[definition].ToBuilder();
            foreach (var change in _window.NewestFirst(revision).Where(e => e.Definition == definition))
            {
                if (change.Previous is { } previous)
                {
                    state[change.Current.Key] = previous;
                }
                else
                {
                    state.Remove(change.Current.Key);
                }
            }

            return new ValueCollection(state.ToImmutable());
        }
    }

    /// <summary>Stores a document as the newest version of its object.</summary>
    /// <exception cref="StoreFullException">There are too many objects already.</exception>
    public StoredObject Put(ResourceDefinition definition, JsonObject document)
    {
        lock (_gate)
        {
            var stored = StoredObject.Freeze(document, Revision + 1);
            var previous = _objects[definition].GetValueOrDefault(stored.Key);
            if (previous is null && _objects.Values.Sum(o => o.Count) >= _maxObjects)
            {
                throw new StoreFullException(_maxObjects);
            }

            _journal?.Put(definition, stored);
            _objects[definition] = _objects[definition].SetItem(stored.Key, stored);
            var type = previous is null ? ChangeType.Added : ChangeType.Modified;
            Publish(new StoreEvent(Revision + 1, definition, type, stored, previous));
            return stored;
        }
    }

    /// <summary>Removes an object; <paramref name="last"/> is its final state.</summary>
    public StoredObject Remove(ResourceDefinition definition, JsonObject last)
    {
        lock (_gate)
        {
            var stored = StoredObject.Freeze(last, Revision + 1);
            _journal?.Remove(definition, stored);
            _objects[definition].TryGetValue(stored.Key, out var previous);
            _objects[definition] = _objects[definition].Remove(stored.Key);
            Publish(new StoreEvent(Revision + 1, definition, ChangeType.Deleted, stored, previous));
            return stored;
        }
    }

    /// <summary>
    /// Follows one kind. From a revision: what changed since, or null when that is forgotten. Without: everything there is
    /// now. Nothing is missed or doubled between the two parts.
    /// </summary>
    public (Subscription Feed, IReadOnlyCollection<StoredObject> Objects, IReadOnlyList<StoreEvent> Changes)? Follow(
        ResourceDefinition definition, long? from)
    {
        lock (_gate)
        {
            if (from < _window.Compacted)
            {
                return null;
            }

            var feed = new Subscription(definition, Revision, from ?? 0);
            _subscriptions.Add(feed);
            return from is { } revision
                ? (feed, [], [.. _window.Since(revision).Where(e => e.Definition == definition)])
                : (feed, new ValueCollection(_objects[definition]), []);
        }
    }

    public void Unfollow(Subscription feed)
    {
        lock (_gate)
        {
            _subscriptions.Remove(feed);
        }
    }

    /// <summary>Runs something for every feed, in order with the changes.</summary>
    public void ForEachFeed(Action<Subscription, long> action)
    {
        lock (_gate)
        {
            _subscriptions.ForEach(feed => action(feed, Revision));
        }
    }

    /// <summary>Forgets all changes: the next watch or <c>continue</c> from before now is answered with 410.</summary>
    public void ForgetHistory()
    {
        lock (_gate)
        {
            _window.Clear(Revision);
        }
    }

    /// <summary>Everything as it is now, to come back to.</summary>
    public StorePoint Mark()
    {
        lock (_gate)
        {
            return new StorePoint(_objects.ToImmutableDictionary(), Revision);
        }
    }

    /// <summary>
    /// Becomes what it was at an earlier point, revision included, as when etcd is restored from a copy. What was written since
    /// has never been; its revisions will mean something else. Every watch ends.
    /// </summary>
    public void Return(StorePoint point)
    {
        lock (_gate)
        {
            foreach (var (definition, objects) in point.Objects)
            {
                _objects[definition] = objects;
            }

            Revision = point.Revision;
            _window.Clear(Revision);
            _journal?.Replace(point);
            _subscriptions.ForEach(feed => feed.End());
        }
    }

    public void Dispose() => _journal?.Dispose();

    private void Publish(StoreEvent change)
    {
        Revision = change.Revision;
        _window.Add(change);
        foreach (var feed in _subscriptions)
        {
            if (feed.Definition == change.Definition)
            {
                feed.Offer(new FeedItem.Change(change));
            }
        }
    }
}
