using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Schemas;

namespace ClusterGrains.Sandbox.Kubernetes.Discovery;

/// <summary>An OpenAPI v3 document: its bytes and the hash under which clients keep it.</summary>
internal sealed record OpenApiDocument(byte[] Json, string Hash);

/// <summary>
/// OpenAPI v3 per group and version: what kubectl needs to explain, validate and apply a kind, not a full description
/// of the API.
/// </summary>
internal sealed class OpenApiDocuments
{
    private const string MetadataName = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private readonly FrozenDictionary<string, OpenApiDocument> _documents;

    public OpenApiDocuments(ResourceCatalog catalog)
    {
        _documents = catalog.All.GroupBy(d => d.RootPath.TrimStart('/')).ToFrozenDictionary(g => g.Key, g => Hashed(Document(g)));
        Index = Hashed(new JsonObject
        {
            ["paths"] = new JsonObject(_documents.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d =>
                KeyValuePair.Create(d.Key, (JsonNode?)new JsonObject
                {
                    ["serverRelativeURL"] = $"/openapi/v3/{d.Key}?hash={d.Value.Hash}",
                }))),
        });
    }

    public OpenApiDocument Index { get; }

    /// <param name="groupVersion">As in the index: <c>api/v1</c>, <c>apis/clustergrains.io/v1alpha1</c>.</param>
    public OpenApiDocument? Find(string groupVersion) => _documents.GetValueOrDefault(groupVersion);

    private static OpenApiDocument Hashed(JsonObject document)
    {
        var json = CanonicalJson.Bytes(document);
        return new OpenApiDocument(json, Convert.ToHexString(SHA512.HashData(json)));
    }

    private static JsonObject Document(IEnumerable<ResourceDefinition> definitions)
    {
        var schemas = new JsonObject { [MetadataName] = ObjectSchema.Metadata() };
        var paths = new JsonObject();
        foreach (var definition in definitions)
        {
            var name = SchemaName(definition);
            schemas[name] = ObjectOf(definition);
            schemas[name + "List"] = ListOf(definition, name);
            AddPaths(paths, definition, name);
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "ClusterGrains sandbox", ["version"] = "v1.32.0-sandbox" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static string SchemaName(ResourceDefinition definition)
    {
        var group = definition.Group.Length == 0 ? "io.k8s.api.core" : string.Join('.', definition.Group.Split('.').Reverse());
        return $"{group}.{definition.Version}.{definition.Kind}";
    }

    private static JsonObject ObjectOf(ResourceDefinition definition)
    {
        var schema = definition.Schema.Source.Clone();
        schema["x-kubernetes-group-version-kind"] = new JsonArray(GroupVersionKind(definition, definition.Kind));
        var properties = schema.Ensure("properties");
        properties["apiVersion"] = Described("The versioned schema of this representation of an object.");
        properties["kind"] = Described("The REST resource this object represents.");
        properties["metadata"] = new JsonObject
        {
            ["description"] = "Standard object's metadata.",
            ["allOf"] = new JsonArray(Reference(MetadataName)),
        };
        return schema;
    }

    private static JsonObject ListOf(ResourceDefinition definition, string itemName) => new()
    {
        ["type"] = "object",
        ["description"] = $"{definition.ListKind} is a list of {definition.Kind}",
        ["required"] = new JsonArray("items"),
        ["properties"] = new JsonObject
        {
            ["apiVersion"] = Described("The versioned schema of this representation of an object."),
            ["kind"] = Described("The REST resource this object represents."),
            ["items"] = new JsonObject { ["type"] = "array", ["items"] = Reference(itemName) },
        },
        ["x-kubernetes-group-version-kind"] = new JsonArray(GroupVersionKind(definition, definition.ListKind)),
    };

    private static void AddPaths(JsonObject paths, ResourceDefinition definition, string schemaName)
    {
        var collection = definition.RootPath + (definition.Namespaced ? "/namespaces/{namespace}/" : "/") + definition.Plural;
        paths[collection] = Operations(definition, schemaName, ("get", "list"), ("post", "post"));
        paths[collection + "/{name}"] = Operations(
            definition, schemaName, ("get", "get"), ("put", "put"), ("patch", "patch"), ("delete", "delete"));
        if (definition.HasStatus)
        {
            paths[collection + "/{name}/status"] = Operations(definition, schemaName, ("get", "get"), ("put", "put"), ("patch", "patch"));
        }

        if (definition.Namespaced)
        {
            paths[$"{definition.RootPath}/{definition.Plural}"] = Operations(definition, schemaName, ("get", "list"));
        }
    }

    private static JsonObject Operations(
        ResourceDefinition definition, string schemaName, params ReadOnlySpan<(string Method, string Action)> operations)
    {
        var path = new JsonObject();
        foreach (var (method, action) in operations)
        {
            path[method] = new JsonObject
            {
                ["description"] = $"{action} {definition.Kind}",
                ["parameters"] = new JsonArray([.. Parameters(method).Select(Parameter)]),
                ["responses"] = new JsonObject { ["200"] = Answer(action == "list" ? schemaName + "List" : schemaName) },
                ["x-kubernetes-action"] = action,
                ["x-kubernetes-group-version-kind"] = GroupVersionKind(definition, definition.Kind),
            };
        }

        return path;
    }

    private static string[] Parameters(string method) => method switch
    {
        "get" => [],
        "delete" => ["dryRun", "propagationPolicy"],
        "patch" => ["dryRun", "fieldManager", "fieldValidation", "force"],
        _ => ["dryRun", "fieldManager", "fieldValidation"],
    };

    private static JsonObject Parameter(string name) => new()
    {
        ["name"] = name,
        ["in"] = "query",
        ["schema"] = new JsonObject { ["type"] = name == "force" ? "boolean" : "string", ["uniqueItems"] = true },
    };

    private static JsonObject Answer(string schemaName) => new()
    {
        ["description"] = "OK",
        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Reference(schemaName) } },
    };

    private static JsonObject GroupVersionKind(ResourceDefinition definition, string kind) => new()
    {
        ["group"] = definition.Group,
        ["kind"] = kind,
        ["version"] = definition.Version,
    };

    private static JsonObject Described(string description) => new() { ["type"] = "string", ["description"] = description };

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };
}
