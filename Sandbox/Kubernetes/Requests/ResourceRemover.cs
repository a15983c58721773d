using System.Globalization;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Objects;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>
/// Deletes. An object with finalizers is only marked; whoever removes the last one removes it. A namespace goes when
/// its last object has gone.
/// </summary>
internal sealed class ResourceRemover(ObjectStore store, ResourceCatalog catalog, TimeProvider time)
{
    private static readonly string[] Permanent = ["default", "kube-system", "kube-public"];

    /// <summary>The object while it is still there, otherwise a success <c>Status</c> with its uid.</summary>
    public (StoredObject? Remaining, JsonObject? Gone) Delete(ResourceTarget target, DeleteOptions options) => store.Exclusively(() =>
    {
        var live = store.Get(target.Definition, target.Key)
            ?? throw new StatusException(ApiStatus.NotFound(target.Definition, target.Name));
        CheckPreconditions(target.Definition, live, options);
        var remaining = Delete(target.Definition, live, options.DryRun);
        return (remaining, remaining is null ? ApiStatus.Deleted(target.Definition, live.Key.Name, live.Uid) : null);
    });

    /// <summary>Deletes what a list shows and returns it.</summary>
    public IReadOnlyList<StoredObject> DeleteAll(ResourceDefinition definition, Func<IReadOnlyList<StoredObject>> list, bool dryRun) =>
        store.Exclusively(() =>
        {
            var objects = list();
            foreach (var live in objects)
            {
                Delete(definition, live, dryRun);
            }

            return objects;
        });

    /// <summary>Removes an object whose last finalizer is gone, and its namespace if that only waited for it.</summary>
    public StoredObject Finish(ResourceDefinition definition, JsonObject last)
    {
        var gone = store.Remove(definition, last);
        if (definition.Namespaced && store.Get(catalog.Namespaces, new("", gone.Key.Namespace)) is { IsTerminating: true } space)
        {
            FinishNamespace(space);
        }

        return gone;
    }

    /// <exception cref="StatusException">404: the namespace is not there; 403: it is going.</exception>
    public void RequireOpenNamespace(ResourceTarget target, string name)
    {
        if (!target.Definition.Namespaced)
        {
            return;
        }

        var space = store.Get(catalog.Namespaces, new("", target.Namespace))
            ?? throw new StatusException(ApiStatus.NotFound(catalog.Namespaces, target.Namespace));
        if (space.IsTerminating)
        {
            throw new StatusException(ApiStatus.Forbidden(target.Definition, name,
                $"unable to create new content in namespace {target.Namespace} because it is being terminated"));
        }
    }

    private StoredObject? Delete(ResourceDefinition definition, StoredObject live, bool dryRun)
    {
        var isNamespace = definition == catalog.Namespaces;
        if (isNamespace && Permanent.Contains(live.Key.Name))
        {
            throw new StatusException(ApiStatus.Forbidden(definition, live.Key.Name, "this namespace may not be deleted"));
        }

        if (dryRun)
        {
            return null;
        }

        var document = live.ToJson();
        if (!isNamespace && !ObjectRules.Finalizers(document).Any())
        {
            Finish(definition, document);
            return null;
        }

        var marked = live.IsTerminating ? live : store.Put(definition, Marked(document, isNamespace));
        if (isNamespace)
        {
            Empty(marked.Key.Name);
            FinishNamespace(marked);
        }

        return marked;
    }

    private JsonObject Marked(JsonObject document, bool isNamespace)
    {
        var metadata = document.Ensure("metadata");
        metadata["deletionTimestamp"] = Timestamp.Of(time.GetUtcNow());
        if (isNamespace)
        {
            document.Ensure("status")["phase"] = "Terminating";
            return document;
        }

        metadata["deletionGracePeriodSeconds"] = 0;
        if (metadata.Integer("generation") is { } generation)
        {
            metadata["generation"] = generation + 1;
        }

        return document;
    }

    private void Empty(string space)
    {
        foreach (var (definition, live) in Content(space).ToList())
        {
            Delete(definition, live, dryRun: false);
        }
    }

    private void FinishNamespace(StoredObject space)
    {
        if (store.Get(catalog.Namespaces, space.Key) is { } live && !Content(space.Key.Name).Any())
        {
            store.Remove(catalog.Namespaces, live.ToJson());
        }
    }

    private IEnumerable<(ResourceDefinition Definition, StoredObject Object)> Content(string space) => catalog.All
        .Where(d => d.Namespaced)
        .SelectMany(d => store.Snapshot(d).Objects.Where(o => o.Key.Namespace == space).Select(o => (d, o)));

    private static void CheckPreconditions(ResourceDefinition definition, StoredObject live, DeleteOptions options)
    {
        if (options.Uid.Length > 0 && options.Uid != live.Uid)
        {
            throw new StatusException(ApiStatus.Conflict(definition, live.Key.Name,
                $"the UID in the precondition ({options.Uid}) does not match the UID in record ({live.Uid}). "
                + "The object might have been deleted and then recreated"));
        }

        var version = live.Revision.ToString(CultureInfo.InvariantCulture);
        if (options.ResourceVersion.Length > 0 && options.ResourceVersion != version)
        {
            throw new StatusException(ApiStatus.Conflict(definition, live.Key.Name,
                $"the ResourceVersion in the precondition ({options.ResourceVersion}) does not match the ResourceVersion in "
                + $"record ({version}). The object might have been modified"));
        }
    }
}
