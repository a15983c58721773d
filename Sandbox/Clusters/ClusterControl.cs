using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>
/// Where one curl breaks or heals a pretend cluster: <c>POST /clusters/&lt;name&gt;/&lt;breakage&gt;</c>. A socket of
/// its own, so that it also answers for a cluster that is dead. Plain text, made for curl.
/// </summary>
internal sealed class ClusterControl : IAsyncDisposable
{
    private readonly IReadOnlyList<PretendCluster> _clusters;
    private readonly WebApplication _app;

    private ClusterControl(IReadOnlyList<PretendCluster> clusters, WebApplication app)
    {
        _clusters = clusters;
        _app = app;
    }

    public Uri Url { get; private set; } = null!;

    /// <param name="port">On the loopback address; 0 takes a free one.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<ClusterControl> Start(
        IReadOnlyList<PretendCluster> clusters, int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var control = new ClusterControl(clusters, builder.Build());
        control._app.MapGet("/", control.List);
        control._app.MapGet("/clusters", control.List);
        control._app.MapPost("/clusters/{name}/{breakage}", control.Change);
        control._app.MapPost("/clusters/{name}/disk/{node:int}/{available:long}", control.SetDisk);
        try
        {
            await control._app.StartAsync(cancellationToken);
        }
        catch
        {
            await control.DisposeAsync();
            throw;
        }

        control.Url = new Uri(control._app.Urls.First());
        return control;
    }

    /// <summary>The command that does it, ready to be pasted.</summary>
    public string Curl(string cluster, string breakage) =>
        $"curl -X POST {Url.GetLeftPart(UriPartial.Authority)}/clusters/{cluster}/{breakage}";

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private Task List(HttpContext context)
    {
        var text = new StringBuilder();
        foreach (var cluster in _clusters)
        {
            var url = cluster.Url.GetLeftPart(UriPartial.Authority);
            text.AppendLine($"{cluster.Name}  {cluster.Engine.Title}  {url}  {cluster.Breakage.Name()}");
        }

        text.AppendLine().AppendLine(Curl("NAME", string.Join('|', Breakages.ByName.Keys)))
            .AppendLine(Curl("NAME", "disk/NODE/BYTES"));
        return context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }

    private async Task Change(HttpContext context)
    {
        var name = (string)context.GetRouteValue("name")!;
        var wanted = (string)context.GetRouteValue("breakage")!;
        if (await Find(context, name) is not { } cluster)
        {
            return;
        }

        if (!Breakages.ByName.TryGetValue(wanted, out var breakage))
        {
            await Refuse(
                context,
                StatusCodes.Status400BadRequest,
                $"'{wanted}' is nothing a cluster can be; it can be {string.Join(", ", Breakages.ByName.Keys)}.");
            return;
        }

        await Change(context, cluster, breakage);
    }

    /// <summary>Leaves that many bytes on a data node's disk.</summary>
    private async Task SetDisk(HttpContext context, string name, int node, long available)
    {
        if (await Find(context, name) is not { } cluster)
        {
            return;
        }

        try
        {
            cluster.SetDisk(node, available);
        }
        catch (ArgumentOutOfRangeException wrong)
        {
            await Refuse(context, StatusCodes.Status400BadRequest, wrong.Message);
            return;
        }

        await context.Response.WriteAsync(
            $"The disk of {name}-{node} has {available} bytes left.\n", context.RequestAborted);
    }

    /// <summary>Null when there is none, which is answered then.</summary>
    private async Task<PretendCluster?> Find(HttpContext context, string name)
    {
        if (_clusters.FirstOrDefault(cluster => cluster.Name == name) is { } cluster)
        {
            return cluster;
        }

        await Refuse(
            context,
            StatusCodes.Status404NotFound,
            $"There is no cluster '{name}'; there are {string.Join(", ", _clusters.Select(known => known.Name))}.");
        return null;
    }

    private async Task Change(HttpContext context, PretendCluster cluster, Breakage breakage)
    {
        try
        {
            await cluster.Break(breakage, context.RequestAborted);
        }
        catch (IOException failure)
        {
            await Refuse(context, StatusCodes.Status409Conflict, failure.Message);
            return;
        }

        await context.Response.WriteAsync(
            breakage == Breakage.None
                ? $"{cluster.Name} is well again.\n"
                : $"{cluster.Name} is now {breakage.Name()}. Heal it: {Curl(cluster.Name, Breakages.Heal)}\n",
            context.RequestAborted);
    }

    private static Task Refuse(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(reason + "\n", context.RequestAborted);
    }
}
