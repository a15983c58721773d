using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Discovery;
using ClusterGrains.Sandbox.Kubernetes.Objects;
using ClusterGrains.Sandbox.Kubernetes.Requests;
using ClusterGrains.Sandbox.Kubernetes.Users;

namespace ClusterGrains.Sandbox.Kubernetes;

/// <summary>The one entry of all requests: who may, what for, and how failures leave.</summary>
internal sealed class RequestRouter(
    ResourceCatalog catalog, UserTable users, Faults faults, ResourceHandler resources,
    TimeProvider time, ILogger logger)
{
    private readonly DiscoveryDocuments _discovery = new(catalog);
    private readonly OpenApiDocuments _openApi = new(catalog);

    public async Task Handle(HttpContext context)
    {
        try
        {
            await Serve(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has left; there is nobody to tell.
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            await Responses.WriteStatus(context, Status(context, failure));
        }
    }

    private JsonObject Status(HttpContext context, Exception failure)
    {
        switch (failure)
        {
            case StatusException refused:
                return refused.Status;
            case BadHttpRequestException bad:
                return ApiStatus.Failure(bad.StatusCode, "BadRequest", bad.Message);
            case JsonException unreadable:
                return ApiStatus.BadRequest(unreadable.Message);
            case StoreFullException full:
                return ApiStatus.Failure(500, "InternalError", full.Message);
            default:
                logger.RequestFailed(failure, context.Request.Method, context.Request.Path);
                return ApiStatus.Failure(500, "InternalError", $"Internal error occurred: {failure.Message}");
        }
    }

    private async Task Serve(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value ?? "/";
        if (path is "/healthz" or "/livez" or "/readyz")
        {
            await context.Response.WriteAsync("ok", context.RequestAborted);
            return;
        }

        var user = users.Caller(request.Headers.Authorization.ToString());
        if (path != "/version" && user is null)
        {
            throw new StatusException(ApiStatus.Unauthorized());
        }

        context.Features.Set(user);
        if (path == FaultsEndpoint.Path && user == users.Owner)
        {
            await ServeFaults(context);
            return;
        }

        if (faults.Swallows(request))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, context.RequestAborted);
        }

        var (delay, answer) = faults.Take(request);
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, time, context.RequestAborted);
        }

        await (answer is null ? Route(context, path) : Responses.WriteStatus(context, answer));
    }

    private async Task ServeFaults(HttpContext context)
    {
        var body = await RequestBody.Read(context.Request);
        var wanted = body.Length == 0 ? [] : CanonicalJson.ParseObject(body);
        await Responses.WriteDocument(context, FaultsEndpoint.Apply(wanted, faults));
    }

    private Task Route(HttpContext context, string path)
    {
        if (ResourceTarget.Parse(path, catalog) is { } target)
        {
            return resources.Handle(context, target);
        }

        if (path == "/openapi/v3" || (path.StartsWith("/openapi/v3/", StringComparison.Ordinal)))
        {
            var document = path == "/openapi/v3" ? _openApi.Index : _openApi.Find(path["/openapi/v3/".Length..]);
            return document is null ? NotFound(context) : ServeOpenApi(context, document);
        }

        return _discovery.Find(path) is { } found ? Responses.WriteDocument(context, found) : NotFound(context);
    }

    private static async Task ServeOpenApi(HttpContext context, OpenApiDocument document)
    {
        var tag = $"\"{document.Hash}\"";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch.ToString() == tag)
        {
            context.Response.StatusCode = 304;
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Json.Length;
        await context.Response.Body.WriteAsync(document.Json, context.RequestAborted);
    }

    /// <summary>Plain text, unlike the 404 of a missing object: this is also how a missing CRD looks.</summary>
    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = 404;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("404 page not found\n", context.RequestAborted);
    }
}
