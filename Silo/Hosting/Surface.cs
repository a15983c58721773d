using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClusterGrains.Hosting;

/// <summary>
/// The port a request came in by and the port a route belongs to; a route answers on its own port only. A route that
/// says nothing belongs to the API.
/// </summary>
internal sealed record Surface(string Name)
{
    public static readonly Surface Api = new("api");
    public static readonly Surface Management = new("management");

    /// <summary>Marks every connection that the listener accepts, so that the routes know where they are asked.</summary>
    public void Mark(ListenOptions listener) => listener.Use(next => connection =>
    {
        connection.Features.Set(this);
        return next(connection);
    });

    /// <summary>Hides the routes of the other port.</summary>
    public static Task Gate(HttpContext context, RequestDelegate next)
    {
        var here = context.Features.GetRequiredFeature<Surface>();
        if (context.GetEndpoint() is { } endpoint && (endpoint.Metadata.GetMetadata<Surface>() ?? Api) != here)
        {
            context.SetEndpoint(null);
        }

        // A web page can make a browser ask a loopback address under a name of its own (DNS rebinding).
        if (here == Api && !IsLoopback(context.Request.Host.Host))
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return Task.CompletedTask;
        }

        return next(context);
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
