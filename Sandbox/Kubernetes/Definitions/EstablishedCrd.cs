using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Objects;

namespace ClusterGrains.Sandbox.Kubernetes.Definitions;

/// <summary>Shows a CRD as the object <c>kubectl get crd</c> expects, already established.</summary>
internal static class EstablishedCrd
{
    /// <summary>Writes it unless the stored one says the same.</summary>
    public static void Publish(JsonObject crd, ObjectStore store, ResourceDefinition crds, TimeProvider time)
    {
        var document = crd.Clone();
        var metadata = document.Ensure("metadata");
        var live = store.Get(crds, new ObjectKey("", metadata.Text("name") ?? ""))?.ToJson();
        if (live is not null && JsonNode.DeepEquals(live["spec"], document["spec"]))
        {
            return;
        }

        var now = Timestamp.Of(time.GetUtcNow());
        var before = live?.Member("metadata");
        metadata["uid"] = before?.Text("uid") ?? Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = before?.Text("creationTimestamp") ?? now;
        metadata["generation"] = (before?.Integer("generation") ?? 0) + 1;
        document["status"] = Status(document, now);
        store.Put(crds, document);
    }

    private static JsonObject Status(JsonObject crd, string now)
    {
        var spec = crd.Ensure("spec");
        var stored = spec.Items("versions")?.OfType<JsonObject>().Where(v => v.Flag("storage")).Select(v => v["name"]?.DeepClone());
        return new JsonObject
        {
            ["acceptedNames"] = spec["names"]?.DeepClone(),
            ["storedVersions"] = new JsonArray([.. stored ?? []]),
            ["conditions"] = new JsonArray(
                Condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
                Condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now)),
        };
    }

    private static JsonObject Condition(string type, string reason, string message, string now) => new()
    {
        ["type"] = type,
        ["status"] = "True",
        ["reason"] = reason,
        ["message"] = message,
        ["lastTransitionTime"] = now,
    };
}
