using System.Net;
using ClusterGrains.Access;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

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

    /// <summary>Hides the routes of the other port, and what is no route on the one where nobody is asked for a token.</summary>
    public static Task Gate(HttpContext context, RequestDelegate next)
    {
        var here = context.Features.GetRequiredFeature<Surface>();
        if ((context.GetEndpoint()?.Metadata.GetMetadata<Surface>() ?? Api) != here)
        {
            context.SetEndpoint(null);
            if (here == Management)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }
        }

        // A web page can make a browser ask a loopback address under a name of its own (DNS rebinding). A token it has not.
        if (here == Api && !AsksForTokens(context) && !IsLoopback(context.Request.Host.Host))
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return Task.CompletedTask;
        }

        return next(context);
    }

    private static bool AsksForTokens(HttpContext context) =>
        context.RequestServices.GetRequiredService<IOptions<AccessOptions>>().Value.AsksKubernetes;

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
