using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using ClusterGrains.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Tests.Watch;

/// <summary>An API server over real sockets that says exactly what a test tells it to say.</summary>
internal sealed class ScriptedApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _kubeconfig = Path.Combine(Path.GetTempPath(), $"clustergrains-{Guid.NewGuid():N}.kubeconfig");
    private readonly Channel<LiveWatch> _watches = Channel.CreateUnbounded<LiveWatch>();

    private ScriptedApi(WebApplication app) => _app = app;

    /// <summary>What a plain list answers, as JSON objects.</summary>
    public ConcurrentDictionary<string, string> Objects { get; } = new();

    public string ResourceVersion { get; set; } = "100";

    /// <summary>Each answers one list instead of <see cref="Objects"/>.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> Lists { get; } = new();

    /// <summary>Each refuses one watch.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> Refusals { get; } = new();

    /// <summary>Answers everything that is neither a list nor a watch.</summary>
    public Func<HttpContext, Task> Otherwise { get; set; } = context => Fail(context, 404, "NotFound");

    /// <summary>The query of every list, in order.</summary>
    public ConcurrentQueue<string> ListQueries { get; } = new();

    public KubernetesOptions Options => new() { Kubeconfig = _kubeconfig };

    /// <param name="certificate">What it shows; null for plain HTTP.</param>
    public static async Task<ScriptedApi> Start(CancellationToken cancellationToken, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var api = new ScriptedApi(builder.Build());
        api._app.Run(api.Answer);
        await api._app.StartAsync(cancellationToken);
        await File.WriteAllTextAsync(api._kubeconfig, $$"""
            apiVersion: v1
            kind: Config
            current-context: test
            contexts: [{ name: test, context: { cluster: test, user: test } }]
            clusters: [{ name: test, cluster: { server: "{{api._app.Urls.Single()}}" } }]
            users: [{ name: test, user: { token: secret } }]
            """, cancellationToken);
        return api;
    }

    /// <summary>The next watch a client opens.</summary>
    public Task<LiveWatch> Watch() => Await.Soon(_watches.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask());

    public Task Stop() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        File.Delete(_kubeconfig);
    }

    public static async Task Fail(
        HttpContext context, int code, string reason, string message = "no", string? retryAfter = null, string details = "{}")
    {
        context.Response.StatusCode = code;
        context.Response.Headers.RetryAfter = retryAfter;
        await Json(context, $$"""
            {"kind":"Status","apiVersion":"v1","status":"Failure","code":{{code}},"reason":"{{reason}}","message":"{{message}}","details":{{details}}}
            """);
    }

    public static Task Json(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    public static Task Page(HttpContext context, string version, string? token, params IEnumerable<string> items) =>
        Json(context, $$"""
            {"kind":"SearchClusterList","metadata":{"resourceVersion":"{{version}}","continue":"{{token}}"},"items":[{{string.Join(',', items)}}]}
            """);

    private async Task Answer(HttpContext context)
    {
        var collection = context.Request.Path.Value!.EndsWith("/searchclusters", StringComparison.Ordinal);
        if (!collection)
        {
            await Otherwise(context);
        }
        else if (context.Request.Query.ContainsKey("watch"))
        {
            await (Refusals.TryDequeue(out var refuse) ? refuse(context) : Stream(context));
        }
        else
        {
            ListQueries.Enqueue(context.Request.QueryString.Value!);
            await (Lists.TryDequeue(out var answer) ? answer(context) : Page(context, ResourceVersion, null, Objects.Values));
        }
    }

    private async Task Stream(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await context.Response.StartAsync();
        await context.Response.Body.FlushAsync();
        var watch = new LiveWatch(context);
        await _watches.Writer.WriteAsync(watch);
        await Task.WhenAny(watch.Over, watch.Abandoned);
    }
}
