using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>An answer other than success, on its way out to the client.</summary>
internal sealed class StatusException(JsonObject status) : Exception(status.Text("message"))
{
    /// <summary>A <c>Status</c> object; see <see cref="ApiStatus"/>.</summary>
    public JsonObject Status { get; } = status;

    public int Code => (int)(Status.Integer("code") ?? 500);
}
