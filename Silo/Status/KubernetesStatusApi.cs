using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Resources;

namespace ClusterGrains.Status;

/// <summary>The status subresource.</summary>
/// <remarks>
/// PUT, because a merge patch ignores <c>metadata.uid</c>. The body has no spec: for a custom resource the API server
/// takes the stored object, replaces its status by the body's and validates the result, so a spec here would be unread.
/// </remarks>
internal sealed class KubernetesStatusApi(KubernetesConnection connection) : IStatusApi
{
    public async Task<LiveStatus?> Read(ResourceKind kind, ResourceKey key, CancellationToken cancellationToken)
    {
        var target = ApiTarget.Object(kind, key);
        var answer = await connection.Ask(new ApiRequest("get", target), cancellationToken);
        if (answer.SaysNotFound)
        {
            return null;
        }

        using var json = answer.Json();
        var metadata = json.RootElement.Child("metadata");
        var status = json.RootElement.Child("status");
        return metadata.Text("uid") is { } uid && metadata.Text("resourceVersion") is { } resourceVersion
            ? new LiveStatus(uid, resourceVersion, status.ValueKind is JsonValueKind.Object ? JsonObject.Create(status.Clone()) : null)
            : throw new DependencyException(Dependency.KubernetesApi, $"{target} came without uid or resourceVersion.");
    }

    public async Task<string?> Write(
        ResourceKind kind,
        ResourceKey key,
        string uid,
        string resourceVersion,
        JsonObject status,
        CancellationToken cancellationToken)
    {
        var target = ApiTarget.Status(kind, key);
        var request = new ApiRequest(
            "update", target, "fieldManager=clustergrains", Body(kind, key, uid, resourceVersion, status));
        var answer = await connection.Ask(request, cancellationToken);
        if (answer.SaysNotFound || answer.Failure?.Code == (int)HttpStatusCode.Conflict)
        {
            return null;
        }

        using var json = answer.Json();
        return json.RootElement.Child("metadata").Text("resourceVersion")
            ?? throw new DependencyException(Dependency.KubernetesApi, $"{target} came back without resourceVersion.");
    }

    private static byte[] Body(ResourceKind kind, ResourceKey key, string uid, string resourceVersion, JsonObject status)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", ResourceKind.ApiVersion);
            json.WriteString("kind", kind.Name);
            json.WriteStartObject("metadata");
            json.WriteString("namespace", key.Namespace);
            json.WriteString("name", key.Name);
            json.WriteString("uid", uid);
            json.WriteString("resourceVersion", resourceVersion);
            json.WriteEndObject();
            json.WritePropertyName("status");
            status.WriteTo(json);
            json.WriteEndObject();
        }

        return body.ToArray();
    }
}
