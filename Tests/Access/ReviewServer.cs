using System.Text.Json.Nodes;
using ClusterGrains.Tests.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Tests.Access;

/// <summary>
/// An API server that reviews and nothing else. A token is <c>user</c> or <c>user/anything</c>, everybody but <c>forged</c> is
/// known, and may whatever is asked about.
/// </summary>
internal sealed class ReviewServer : IAsyncDisposable
{
    public const string Forged = "forged";

    // Only for a test that fails.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly TestFolder _folder = new();
    private readonly WebApplication _app;
    private readonly SemaphoreSlim _held = new(0);
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;

    private ReviewServer(WebApplication app) => _app = app;

    public string Kubeconfig => Path.Combine(_folder.Path, "kubeconfig");

    /// <summary>Whose reviews wait until <see cref="Release"/>.</summary>
    public string? Hold { get; set; }

    /// <summary>Awaited before each answer about a right.</summary>
    public Func<JsonNode, Task> BeforeRights { get; set; } = _ => Task.CompletedTask;

    /// <summary>Of rights: whether the answer is no.</summary>
    public Func<JsonNode, bool> Denies { get; set; } = _ => false;

    /// <summary>Answered with an error of the server.</summary>
    public bool Fails { get; set; }

    public int Asked => Volatile.Read(ref _asked);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ReviewServer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new ReviewServer(builder.Build());
        server._app.Run(server.Answer);
        await server._app.StartAsync(Cancellation);
        await File.WriteAllTextAsync(
            server.Kubeconfig,
            $$"""
            apiVersion: v1
            kind: Config
            current-context: it
            contexts: [{name: it, context: {cluster: it, user: it} }]
            clusters: [{name: it, cluster: {server: "{{server._app.Urls.Single()}}"} }]
            users: [{name: it, user: {token: none} }]
            """,
            Cancellation);
        return server;
    }

    /// <summary>Returns when so many more reviews are held.</summary>
    public async Task Holds(int reviews)
    {
        for (var i = 0; i < reviews; i++)
        {
            Assert.True(await _held.WaitAsync(Limit, Cancellation), $"{i} of {reviews} reviews came.");
        }
    }

    public void Release()
    {
        Hold = null;
        Interlocked.Exchange(ref _released, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Release();
        await _app.DisposeAsync();
        _folder.Dispose();
        _held.Dispose();
    }

    private async Task Answer(HttpContext context)
    {
        Interlocked.Increment(ref _asked);
        var review = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!;
        var token = (string?)review["spec"]!["token"];
        var user = token is null ? (string)review["spec"]!["user"]! : token.Split('/')[0];
        if (user == Hold)
        {
            var released = Volatile.Read(ref _released).Task;
            _held.Release();
            await released.WaitAsync(context.RequestAborted);
        }

        if (Fails)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        if (token is null)
        {
            await BeforeRights(review["spec"]!);
        }

        review["status"] = token is null ? new JsonObject { ["allowed"] = !Denies(review["spec"]!) }
            : user == Forged ? new JsonObject { ["authenticated"] = false }
            : new JsonObject { ["authenticated"] = true, ["user"] = new JsonObject { ["username"] = user, ["uid"] = token } };
        await context.Response.WriteAsync(review.ToJsonString(), context.RequestAborted);
    }
}
