using System.Collections.Immutable;
using ClusterGrains.Sandbox.Kubernetes.Definitions;

namespace ClusterGrains.Sandbox.Kubernetes.Objects;

/// <summary>All objects at one moment.</summary>
internal sealed record StorePoint(
    ImmutableDictionary<ResourceDefinition, ImmutableSortedDictionary<ObjectKey, StoredObject>> Objects, long Revision);
