using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Objects;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>Which object is written, and how.</summary>
internal sealed record WriteRequest(ResourceTarget Target, WriteOptions Options)
{
    public ResourceDefinition Definition => Target.Definition;

    public bool IsStatus => Target.Subresource == "status";
}

/// <summary>What came of a write.</summary>
internal sealed record WriteResult(StoredObject Object, bool Created = false);
