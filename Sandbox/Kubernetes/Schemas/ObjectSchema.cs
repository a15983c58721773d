using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;

namespace ClusterGrains.Sandbox.Kubernetes.Schemas;

/// <summary>The schema of a whole object: what a CRD declares, with the API's own members around it.</summary>
internal static class ObjectSchema
{
    /// <summary>ObjectMeta, as far as the API here knows it. List types are those of the real one.</summary>
    private const string MetadataText = """
        type: object
        description: Standard object's metadata.
        properties:
          annotations: {type: object, additionalProperties: {type: string}, description: Unstructured values for tools.}
          creationTimestamp: {type: string, format: date-time, description: When the object was created. Read-only.}
          deletionGracePeriodSeconds: {type: integer, format: int64}
          deletionTimestamp: {type: string, format: date-time, description: When deletion was asked for. Read-only.}
          finalizers: {type: array, items: {type: string}, x-kubernetes-list-type: set}
          generateName: {type: string, description: A prefix for a generated name.}
          generation: {type: integer, format: int64, description: Counts changes of the desired state. Read-only.}
          labels: {type: object, additionalProperties: {type: string}, description: Keys and values for selectors.}
          managedFields: {type: array, items: {type: object, x-kubernetes-preserve-unknown-fields: true}}
          name: {type: string, description: Unique within a namespace. Cannot be updated.}
          namespace: {type: string, description: The space within which the name is unique.}
          ownerReferences:
            type: array
            x-kubernetes-list-type: map
            x-kubernetes-list-map-keys: [uid]
            items:
              type: object
              x-kubernetes-map-type: atomic
              required: [apiVersion, kind, name, uid]
              properties:
                apiVersion: {type: string}
                blockOwnerDeletion: {type: boolean}
                controller: {type: boolean}
                kind: {type: string}
                name: {type: string}
                uid: {type: string}
          resourceVersion: {type: string, description: Opaque version of this object. Read-only.}
          selfLink: {type: string}
          uid: {type: string, description: Unique in time and space. Read-only.}
        """;

    public static JsonObject Metadata() => Yaml.Documents(MetadataText).Single();

    /// <summary>A CRD may restrict <c>metadata.name</c> and <c>metadata.generateName</c>, nothing else of metadata.</summary>
    public static Schema Of(JsonObject declared)
    {
        var whole = declared.Clone();
        whole["type"] = "object";
        var properties = whole.Ensure("properties");
        properties["apiVersion"] = new JsonObject { ["type"] = "string" };
        properties["kind"] = new JsonObject { ["type"] = "string" };
        var restrictions = properties.Member("metadata")?.Member("properties");
        var metadata = Metadata();
        foreach (var name in new[] { "name", "generateName" })
        {
            foreach (var (rule, value) in restrictions?.Member(name) ?? [])
            {
                metadata.Member("properties")!.Member(name)![rule] = value?.DeepClone();
            }
        }

        properties["metadata"] = metadata;
        return new Schema(whole);
    }
}
