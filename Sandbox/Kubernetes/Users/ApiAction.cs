using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Users;

/// <summary>What somebody wants to do.</summary>
/// <param name="Group">Of the resource; empty for the core group.</param>
/// <param name="Resource">The plural, with <c>/status</c> for that part; empty when there is a <paramref name="Path"/>.</param>
/// <param name="Namespace">Empty for the whole cluster.</param>
/// <param name="Path">Of something that is no resource.</param>
internal sealed record ApiAction(string Verb, string Group, string Resource, string Namespace, string? Path = null)
{
    /// <summary>As the <c>spec</c> of an access review has it; null when it says nothing.</summary>
    public static ApiAction? Read(JsonObject spec)
    {
        if (spec.Member("nonResourceAttributes") is { } path)
        {
            return new ApiAction(path.Text("verb") ?? "", "", "", "", path.Text("path") ?? "");
        }

        if (spec.Member("resourceAttributes") is not { } resource)
        {
            return null;
        }

        var part = resource.Text("subresource") is { Length: > 0 } subresource ? $"/{subresource}" : "";
        return new ApiAction(
            resource.Text("verb") ?? "",
            resource.Text("group") ?? "",
            (resource.Text("resource") ?? "") + part,
            resource.Text("namespace") ?? "");
    }

    /// <summary>As a real server ends <c>User "alice" cannot …</c>.</summary>
    public override string ToString() => Path is not null
        ? $"{Verb} path \"{Path}\""
        : $"{Verb} resource \"{Resource}\" in API group \"{Group}\" "
            + (Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{Namespace}\"");
}
