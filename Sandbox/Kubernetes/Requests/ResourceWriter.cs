using System.Globalization;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Objects;
using ClusterGrains.Sandbox.Kubernetes.Ownership;
using ClusterGrains.Sandbox.Kubernetes.Schemas;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>Creates, replaces, patches and applies. Every write is one read-modify-write under the store's lock.</summary>
internal sealed class ResourceWriter(ObjectStore store, ResourceRemover remover, TimeProvider time)
{
    private const int NameAttempts = 8;

    public WriteResult Create(WriteRequest request, JsonObject body) => store.Exclusively(() =>
    {
        var document = body.Clone();
        ObjectNames.Identify(document, request.Target);
        ChooseName(document.Ensure("metadata"), request.Target);
        return CreateNew(request, document, isApplied: false);
    });

    public WriteResult Replace(WriteRequest request, JsonObject body) => store.Exclusively(() =>
    {
        var document = body.Clone();
        ObjectNames.Identify(document, request.Target);
        var live = Existing(request);
        CheckUid(request, live, document);
        if (request.Definition.IsCustom && ResourceVersion(document).Length == 0)
        {
            var error = FieldError.Invalid("metadata.resourceVersion", "0x0", "must be specified for an update");
            throw new StatusException(ApiStatus.Invalid(
                request.Definition.QualifiedPlural,
                new() { ["name"] = live.Key.Name, ["group"] = request.Definition.Group, ["kind"] = request.Definition.Plural },
                live.Key.Name,
                [error]));
        }

        return Update(request, live, document, isApplied: false, message => ApiStatus.BadRequest(
            $"{request.Definition.Kind} in version \"{request.Definition.Version}\" cannot be handled as a "
            + $"{request.Definition.Kind}: {message}"));
    });

    public WriteResult Patch(WriteRequest request, Func<JsonObject, JsonObject> patch) => store.Exclusively(() =>
    {
        var live = Existing(request);
        var document = patch(live.ToJson());
        ObjectNames.Identify(document, request.Target);
        var shown = CanonicalJson.Text(document);
        return Update(request, live, document, isApplied: false, message => RefusedPatch(shown, message));
    });

    public WriteResult Apply(WriteRequest request, JsonObject configuration) => store.Exclusively(() =>
    {
        if (!request.Options.ManagerGiven)
        {
            throw WriteOptions.Refused(FieldError.Required("fieldManager", "is required for apply patch"));
        }

        var config = configuration.Clone();
        ObjectNames.Identify(config, request.Target);
        CheckConfiguration(request, config);
        var live = store.Get(request.Definition, request.Target.Key);
        if (live is not null)
        {
            CheckUid(request, live, config);
        }

        var said = ResourceVersion(config);
        config.Member("metadata")!.Remove("resourceVersion");
        config.Member("metadata")!.Remove("uid");
        var document = ServerSideApply.Apply(live?.ToJson(), config, Write(request), request.Options.Force ?? false);
        if (live is null)
        {
            return request.IsStatus ? throw NotFound(request) : CreateNew(request, document, isApplied: true);
        }

        document.Ensure("metadata")["resourceVersion"] = said.Length > 0 ? said : ResourceVersion(live.ToJson());
        return Update(request, live, document, isApplied: true, ApiStatus.BadRequest);
    });

    private WriteResult CreateNew(WriteRequest request, JsonObject document, bool isApplied)
    {
        var (definition, options) = (request.Definition, request.Options);
        var metadata = document.Ensure("metadata");
        if (ResourceVersion(document).Length > 0)
        {
            throw new StatusException(ApiStatus.Failure(500, "", "resourceVersion should not be set on objects to be created"));
        }

        ObjectRules.KeepSystemMetadata([], document);
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Now();
        if (definition.IsCustom)
        {
            metadata["generation"] = 1;
        }

        if (definition.HasStatus)
        {
            document.Remove("status");
        }

        ObjectRules.Prepare(document, request, message => ApiStatus.BadRequest(
            $"{definition.Kind} in version \"{definition.Version}\" cannot be handled as a {definition.Kind}: {message}"));
        if (!isApplied)
        {
            OwnershipByUpdate.Record(null, document, Write(request));
        }

        remover.RequireOpenNamespace(request.Target, metadata.Text("name")!);
        var key = new ObjectKey(request.Target.Namespace, metadata.Text("name")!);
        if (store.Get(definition, key) is not null)
        {
            throw new StatusException(ApiStatus.AlreadyExists(definition, key.Name));
        }

        return new WriteResult(options.DryRun ? StoredObject.Preview(document) : store.Put(definition, document), Created: true);
    }

    private WriteResult Update(
        WriteRequest request, StoredObject live, JsonObject document, bool isApplied, Func<string, JsonObject> strictly)
    {
        var (definition, before) = (request.Definition, live.ToJson());
        if (ResourceVersion(document) is { Length: > 0 } said && said != ResourceVersion(before))
        {
            throw new StatusException(ApiStatus.Modified(definition, live.Key.Name));
        }

        var updated = InScope(request, before, document);
        ObjectRules.KeepSystemMetadata(before, updated);
        ObjectRules.Prepare(updated, request, strictly);
        ObjectRules.CheckFinalizers(before, updated, definition);
        if (definition.IsCustom && !request.IsStatus && ObjectRules.IsDesiredStateChanged(before, updated, definition))
        {
            updated.Member("metadata")!["generation"] = (before.Member("metadata")!.Integer("generation") ?? 0) + 1;
        }

        if (!isApplied)
        {
            OwnershipByUpdate.Record(before, updated, Write(request));
        }

        return IsUnchanged(before, updated) ? new WriteResult(live) : Commit(request, live, updated);
    }

    private WriteResult Commit(WriteRequest request, StoredObject live, JsonObject updated)
    {
        if (request.Options.DryRun)
        {
            return new WriteResult(StoredObject.Preview(updated));
        }

        return new WriteResult(live.IsTerminating && !ObjectRules.Finalizers(updated).Any() && request.Definition.Namespaced
            ? remover.Finish(request.Definition, updated)
            : store.Put(request.Definition, updated));
    }

    /// <summary>Of a status write only the status counts, of any other write everything but the status.</summary>
    private static JsonObject InScope(WriteRequest request, JsonObject before, JsonObject document)
    {
        if (!request.Definition.HasStatus)
        {
            return document;
        }

        var (taken, kept) = request.IsStatus ? (document, before) : (before, document);
        var updated = kept.Clone();
        updated.Remove("status");
        if (taken["status"] is { } status)
        {
            updated["status"] = status.DeepClone();
        }

        if (request.IsStatus && document.Member("metadata")?["managedFields"] is { } managers)
        {
            updated.Ensure("metadata")["managedFields"] = managers.DeepClone();
        }

        return updated;
    }

    private static bool IsUnchanged(JsonObject before, JsonObject updated) =>
        FieldManagers.SameFields(FieldManagers.Read(before), FieldManagers.Read(updated))
        && JsonNode.DeepEquals(OwnershipByUpdate.WithoutManagers(before), OwnershipByUpdate.WithoutManagers(updated));

    private static void CheckUid(WriteRequest request, StoredObject live, JsonObject document)
    {
        if (document.Member("metadata")?.Text("uid") is { Length: > 0 } uid && uid != live.Uid)
        {
            throw new StatusException(ApiStatus.Conflict(request.Definition, live.Key.Name,
                $"Precondition failed: UID in precondition: {uid}, UID in object meta: {live.Uid}"));
        }
    }

    private static void CheckConfiguration(WriteRequest request, JsonObject config)
    {
        if (config.Member("metadata")?.ContainsKey("managedFields") is true)
        {
            throw new StatusException(ApiStatus.BadRequest("metadata.managedFields must be nil"));
        }

        if (Pruning.Apply(config.Clone(), request.Definition.Schema) is { Count: > 0 } unknown)
        {
            var paths = string.Join(", ", unknown.Select(path => $".{path}: field not declared in schema"));
            throw new StatusException(ApiStatus.Failure(500, "", $"failed to create typed patch object "
                + $"({request.Target.Key}; {request.Definition.ApiVersion}, Kind={request.Definition.Kind}): {paths}"));
        }
    }

    private static JsonObject RefusedPatch(string document, string message) => ApiStatus.Invalid(
        "", [], "", [FieldError.Invalid("patch", CanonicalJson.Text(JsonValue.Create(document)), message)]);

    private StoredObject Existing(WriteRequest request) =>
        store.Get(request.Definition, request.Target.Key) ?? throw NotFound(request);

    private static StatusException NotFound(WriteRequest request) =>
        new(ApiStatus.NotFound(request.Definition, request.Target.Name));

    private void ChooseName(JsonObject metadata, ResourceTarget target)
    {
        var prefix = metadata.Text("generateName") ?? "";
        for (var i = 0; i < NameAttempts && prefix.Length > 0 && metadata.Text("name") is null; i++)
        {
            var name = ObjectNames.Generate(prefix);
            if (store.Get(target.Definition, target.Key with { Name = name }) is null)
            {
                metadata["name"] = name;
            }
        }
    }

    private ManagedWrite Write(WriteRequest request) =>
        new(request.Definition, request.Options.Manager, request.Target.Subresource, Now());

    private string Now() => Timestamp.Of(time.GetUtcNow());

    private static string ResourceVersion(JsonObject document) =>
        document.Member("metadata")?["resourceVersion"] switch
        {
            null => "",
            var version when version.AsText() is { } text => text is "0" ? "" : text,
            var version => Convert.ToString(version, CultureInfo.InvariantCulture) ?? "",
        };
}
