using System.Collections;
using System.Collections.Immutable;

namespace ClusterGrains.Sandbox.Kubernetes.Objects;

/// <summary>The objects of an immutable snapshot in key order, without copying it.</summary>
internal sealed class ValueCollection(ImmutableSortedDictionary<ObjectKey, StoredObject> snapshot)
    : IReadOnlyCollection<StoredObject>
{
    public int Count => snapshot.Count;

    public IEnumerator<StoredObject> GetEnumerator() => snapshot.Select(entry => entry.Value).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
