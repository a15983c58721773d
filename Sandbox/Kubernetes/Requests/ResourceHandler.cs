using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Objects;
using ClusterGrains.Sandbox.Kubernetes.Users;
using Microsoft.AspNetCore.Http.Features;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>Every verb on every kind.</summary>
internal sealed class ResourceHandler(
    ObjectStore store, ResourceWriter writer, ResourceRemover remover, WatchHandler watches, Responses responses,
    Reviews reviews)
{
    private readonly ResourceLister _lister = new(store);

    public Task Handle(HttpContext context, ResourceTarget target)
    {
        var request = context.Request;
        if (Verb(request, target) is not { } verb || !target.Definition.Verbs.Contains(verb))
        {
            throw new StatusException(ApiStatus.MethodNotAllowed());
        }

        Allow(Caller(context), verb, target);
        return verb switch
        {
            "get" => Get(context, target),
            "list" or "watch" => List(context, target),
            "create" => Create(context, target),
            "update" => Update(context, target),
            "patch" => Patch(context, target),
            "delete" => Delete(context, target),
            _ => DeleteCollection(context, target),
        };
    }

    private static ApiUser Caller(HttpContext context) => context.Features.GetRequiredFeature<ApiUser>();

    /// <exception cref="StatusException">The caller may not do that.</exception>
    private static void Allow(ApiUser caller, string verb, ResourceTarget target)
    {
        var (definition, part) = (target.Definition, target.Subresource.Length == 0 ? "" : $"/{target.Subresource}");
        var action = new ApiAction(verb, definition.Group, definition.Plural + part, target.Namespace);
        if (!caller.May(action) && !Reviews.IsOfOneself(definition))
        {
            throw new StatusException(ApiStatus.Forbidden(
                definition, target.Name, $"User \"{caller.Name}\" cannot {action}"));
        }
    }

    private static string? Verb(HttpRequest request, ResourceTarget target) => (request.Method, target.Name.Length > 0) switch
    {
        ("GET", true) => "get",
        ("GET", false) => request.Query.ContainsKey("watch") ? "watch" : "list",
        ("POST", false) => "create",
        ("PUT", true) => "update",
        ("PATCH", true) => "patch",
        ("DELETE", true) when target.Subresource.Length == 0 => "delete",
        ("DELETE", false) => "deletecollection",
        _ => null,
    };

    private Task Get(HttpContext context, ResourceTarget target)
    {
        var view = Representation.Negotiate(context.Request.Headers.Accept);
        var stored = store.Get(target.Definition, target.Key)
            ?? throw new StatusException(ApiStatus.NotFound(target.Definition, target.Name));
        return Write(context, 200, target, stored, view);
    }

    private Task List(HttpContext context, ResourceTarget target)
    {
        var view = Representation.Negotiate(context.Request.Headers.Accept);
        var options = ListOptions.Parse(context.Request.Query, target.Definition);
        return options.Watch
            ? watches.Handle(context, target, options, view)
            : responses.WriteList(context, target.Definition, _lister.List(target, options), view, options.IncludeObject);
    }

    private async Task Create(HttpContext context, ResourceTarget target)
    {
        var request = Request(context, target);
        var body = await Document(context.Request);
        if (Reviews.IsReview(target.Definition))
        {
            await Responses.WriteDocument(context, 201, reviews.Answer(target.Definition, body, Caller(context)));
            return;
        }

        await Write(context, request, writer.Create(request, body));
    }

    private async Task Update(HttpContext context, ResourceTarget target)
    {
        var request = Request(context, target);
        var body = await Document(context.Request);
        await Write(context, request, writer.Replace(request, body));
    }

    private async Task Patch(HttpContext context, ResourceTarget target)
    {
        var request = Request(context, target);
        var type = ContentType(context.Request);
        var body = await RequestBody.Read(context.Request);
        await Write(context, request, PatchBody.IsApply(type)
            ? writer.Apply(request, PatchBody.Document(body))
            : writer.Patch(request, PatchBody.Read(type, body, target.Definition)));
    }

    private async Task Delete(HttpContext context, ResourceTarget target)
    {
        var options = DeleteOptions.Parse(context.Request.Query, await OptionalDocument(context.Request));
        var (remaining, gone) = remover.Delete(target, options);
        await (gone is null ? Write(context, 200, target, remaining!, View.Object) : Responses.WriteStatus(context, gone));
    }

    private async Task DeleteCollection(HttpContext context, ResourceTarget target)
    {
        var list = ListOptions.Parse(context.Request.Query, target.Definition);
        var options = DeleteOptions.Parse(context.Request.Query, await OptionalDocument(context.Request));
        var deleted = remover.DeleteAll(target.Definition, () => _lister.List(target, list).Objects, options.DryRun);
        await responses.WriteList(
            context, target.Definition, new Page(deleted, store.Revision, "", null), View.Object, list.IncludeObject);
    }

    private static WriteRequest Request(HttpContext context, ResourceTarget target) =>
        new(target, WriteOptions.Parse(context.Request.Query, context.Request.Headers.UserAgent.ToString()));

    private Task Write(HttpContext context, WriteRequest request, WriteResult result)
    {
        foreach (var warning in request.Options.Warnings)
        {
            var quoted = CanonicalJson.Text(JsonValue.Create(warning));
            context.Response.Headers.Append("Warning", $"299 - {quoted}");
        }

        var view = Representation.Negotiate(context.Request.Headers.Accept);
        return Write(context, result.Created ? 201 : 200, request.Target, result.Object, view);
    }

    private Task Write(HttpContext context, int code, ResourceTarget target, StoredObject stored, View view)
    {
        var include = context.Request.Query["includeObject"].ToString();
        return responses.WriteObject(context, code, target.Definition, stored, view, include);
    }

    private static string ContentType(HttpRequest request) =>
        (request.ContentType ?? "application/json").Split(';', 2)[0].Trim();

    private static async Task<JsonObject> Document(HttpRequest request) =>
        ContentType(request) is "application/json" or "application/yaml"
            ? PatchBody.Document(await RequestBody.Read(request))
            : throw new StatusException(ApiStatus.UnsupportedMediaType("application/json", "application/yaml"));

    private static async Task<JsonObject> OptionalDocument(HttpRequest request)
    {
        var body = await RequestBody.Read(request);
        return body.Length == 0 ? [] : PatchBody.Document(body);
    }
}
