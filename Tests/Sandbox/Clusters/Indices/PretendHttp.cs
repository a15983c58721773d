using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ClusterGrains.Sandbox.Clusters;

namespace ClusterGrains.Tests.Sandbox.Clusters.Indices;

/// <summary>A pretend cluster and somebody who talks to it.</summary>
internal sealed class PretendHttp : IAsyncDisposable
{
    private readonly HttpClient _http;

    private PretendHttp(PretendCluster cluster)
    {
        Cluster = cluster;
        _http = new HttpClient { BaseAddress = cluster.Url };
    }

    public PretendCluster Cluster { get; }

    public static async Task<PretendHttp> Start(PretendEngine engine) =>
        new(await PretendCluster.Start("shop", engine, TestContext.Current.CancellationToken));

    public static async Task<PretendHttp> Start(PretendClusterOptions options) =>
        new(await PretendCluster.Start(options, TestContext.Current.CancellationToken));

    public Task<(int Status, JsonElement Body)> Get(string path) => Send("GET", path);

    public async Task<(int Status, JsonElement Body)> Send(string method, string path, string? body = null)
    {
        var (status, bytes) = await SendBytes(method, path, body is null ? null : Encoding.UTF8.GetBytes(body));
        return (status, bytes.Length == 0 ? default : JsonDocument.Parse(bytes).RootElement);
    }

    public async Task<(int Status, byte[] Body)> SendBytes(
        string method, string path, byte[]? body, string? encoding = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
            if (encoding is not null)
            {
                request.Content.Headers.ContentEncoding.Add(encoding);
            }
        }

        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Does it, and fails unless the answer is 200.</summary>
    public async Task<JsonElement> Do(string method, string path, string? body = null)
    {
        var (status, answer) = await Send(method, path, body);
        Assert.True(status == 200, $"{method} {path}: {status} {answer}");
        return answer;
    }

    /// <summary>A bulk of documents by their ids.</summary>
    public Task<JsonElement> Index(string target, params (string Id, string Source)[] documents) =>
        Do("POST", $"/{target.Replace("?", "/_bulk?", StringComparison.Ordinal)}{(target.Contains('?') ? "" : "/_bulk")}", string.Concat(documents.Select(document =>
            $$$"""{"index":{"_id":"{{{document.Id}}}"}}""" + "\n" + document.Source + "\n")));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Cluster.DisposeAsync();
    }
}
