using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Schemas;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>What every document goes through before it is stored: prune, complete, validate.</summary>
internal static class ObjectRules
{
    private static readonly string[] OfTheSystem =
        ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink", "resourceVersion"];

    /// <param name="strictly">How unknown members are refused when they are; the wording differs by verb.</param>
    public static void Prepare(JsonObject document, WriteRequest request, Func<string, JsonObject> strictly)
    {
        RefuseUnknown(document, request, strictly);
        Complete(document, request.Definition);
        var errors = ObjectNames.Check(document.Member("metadata")!)
            .Concat(SchemaValidation.Check(document, request.Definition.Schema))
            .Concat(CheckEvent(document, request.Target))
            .ToList();
        if (errors.Count > 0)
        {
            var name = document.Member("metadata")!.Text("name") ?? "";
            throw new StatusException(ApiStatus.Invalid(request.Definition, name, errors));
        }
    }

    /// <summary>Metadata only the server may set stays as it is.</summary>
    public static void KeepSystemMetadata(JsonObject live, JsonObject document)
    {
        var (before, after) = (live.Ensure("metadata"), document.Ensure("metadata"));
        foreach (var name in OfTheSystem)
        {
            after.Remove(name);
            if (before[name] is { } value)
            {
                after[name] = value.DeepClone();
            }
        }
    }

    /// <summary>No finalizer comes to an object that is on its way out.</summary>
    public static void CheckFinalizers(JsonObject live, JsonObject document, ResourceDefinition definition)
    {
        var added = Finalizers(document).Except(Finalizers(live)).ToList();
        if (live.Member("metadata")!.ContainsKey("deletionTimestamp") && added.Count > 0)
        {
            var list = string.Join(", ", added.Select(f => $"\"{f}\""));
            throw new StatusException(ApiStatus.Invalid(definition, live.Member("metadata")!.Text("name")!,
            [
                FieldError.Forbidden("metadata.finalizers", "no new finalizers can be added if the object is being deleted, "
                    + $"found new finalizers []string{{{list}}}"),
            ]));
        }
    }

    public static IEnumerable<string> Finalizers(JsonObject document) => document.Member("metadata")?.Texts("finalizers") ?? [];

    /// <summary>Whether the desired state differs: what raises the generation.</summary>
    public static bool IsDesiredStateChanged(JsonObject live, JsonObject document, ResourceDefinition definition) =>
        live.Select(m => m.Key).Union(document.Select(m => m.Key))
            .Where(name => name != "metadata" && !(definition.HasStatus && name == "status"))
            .Any(name => !JsonNode.DeepEquals(live[name], document[name]));

    /// <summary>An event lives in the namespace of the object it is about.</summary>
    private static IEnumerable<FieldError> CheckEvent(JsonObject document, ResourceTarget target)
    {
        if (target.Definition is { Group: "", Plural: "events" }
            && document.Member("involvedObject")?.Text("namespace") is var about
            && (about is { Length: > 0 } ? about : "default") != target.Namespace)
        {
            yield return FieldError.Invalid("involvedObject.namespace", $"\"{about}\"", "does not match event.namespace");
        }
    }

    private static void RefuseUnknown(JsonObject document, WriteRequest request, Func<string, JsonObject> strictly)
    {
        var original = request.Options.Validation is FieldValidation.Strict ? document.Clone() : null;
        var unknown = Pruning.Apply(document, request.Definition.Schema);
        if (unknown.Count == 0)
        {
            return;
        }

        if (original is not null)
        {
            var message = "strict decoding error: " + string.Join(", ", unknown.Select(path => $"unknown field \"{path}\""));
            throw new StatusException(strictly(message));
        }

        if (request.Options.Validation is FieldValidation.Warn)
        {
            request.Options.Warnings.AddRange(unknown.Select(path => $"unknown field \"{path}\""));
        }
    }

    private static void Complete(JsonObject document, ResourceDefinition definition)
    {
        var metadata = document.Ensure("metadata");
        foreach (var name in metadata.Where(m => m.Value is null).Select(m => m.Key).ToArray())
        {
            metadata.Remove(name);
        }

        Defaulting.Apply(document, definition.Schema);
        switch (definition)
        {
            case { Group: "", Plural: "secrets" } when document.Member("stringData") is { } texts:
                foreach (var (key, value) in texts)
                {
                    document.Ensure("data")[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.AsText() ?? ""));
                }

                document.Remove("stringData");
                break;
            case { Group: "", Plural: "namespaces" }:
                metadata.Ensure("labels")["kubernetes.io/metadata.name"] = metadata.Text("name");
                document.Ensure("status")["phase"] ??= "Active";
                document.Ensure("spec")["finalizers"] ??= new JsonArray("kubernetes");
                break;
        }
    }
}
