using System.Text.Json.Nodes;
using ClusterGrains.Resources;

namespace ClusterGrains.Status;

/// <summary>Port: the <c>status</c> subresource of one resource in the API server.</summary>
public interface IStatusApi
{
    /// <summary>A consistent read; null when the object is not there (see <see cref="IResourceApi.Get"/>).</summary>
    /// <exception cref="DependencyException">The API server said anything else, or nothing in time.</exception>
    Task<LiveStatus?> Read(ResourceKind kind, ResourceKey key, CancellationToken cancellationToken);

    /// <summary>
    /// <c>PUT …/status</c> with uid and resourceVersion as preconditions. Null when one of them no longer holds, or the
    /// object is gone: read again. Otherwise the object's new resourceVersion.
    /// </summary>
    /// <exception cref="DependencyException">The API server said anything else, or nothing in time.</exception>
    Task<string?> Write(
        ResourceKind kind, ResourceKey key, string uid, string resourceVersion, JsonObject status, CancellationToken cancellationToken);
}

/// <param name="Status">The live status; null when there is none yet.</param>
public sealed record LiveStatus(string Uid, string ResourceVersion, JsonObject? Status);
