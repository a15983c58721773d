using System.Collections.Concurrent;
using ClusterGrains.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Tests.History;

/// <summary>An HTTP server that answers S3 requests as the test says, for what a good server never does.</summary>
internal sealed class StubS3 : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StubS3(WebApplication app) => _app = app;

    public ConcurrentQueue<(string Method, string Host, string Path, IHeaderDictionary Headers)> Requests { get; } = [];

    public int Port => new Uri(_app.Urls.Single()).Port;

    public HistoryOptions Options => S3Server.Options("s3://history/prefix", $"http://127.0.0.1:{Port}");

    public static async Task<StubS3> Start(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var stub = new StubS3(builder.Build());
        stub._app.Run(async context =>
        {
            var request = context.Request;
            stub.Requests.Enqueue((request.Method, request.Host.Host, request.Path.ToString(), new HeaderDictionary(
                request.Headers.ToDictionary(h => h.Key, h => h.Value))));
            await request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            await answer(context);
        });
        await stub._app.StartAsync(TestContext.Current.CancellationToken);
        return stub;
    }

    /// <summary>Only the status, without a body.</summary>
    public static Func<HttpContext, Task> Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
