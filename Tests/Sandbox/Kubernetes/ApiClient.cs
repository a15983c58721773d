using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes;
using k8s;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

/// <summary>Plain requests through the connection the Kubernetes client makes of a kubeconfig.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly k8s.Kubernetes _kubernetes;

    public ApiClient(string kubeconfig)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(kubeconfig));
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(stream);
        configuration.HttpClientTimeout = Timeout.InfiniteTimeSpan;
        _kubernetes = new k8s.Kubernetes(configuration);
    }

    public Uri BaseUri => _kubernetes.BaseUri;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Task<ApiAnswer> Get(string path, string accept = "application/json") => Send(HttpMethod.Get, path, null, null, accept);

    public Task<ApiAnswer> Post(string path, JsonNode body) => Send(HttpMethod.Post, path, body.ToJsonString());

    public Task<ApiAnswer> Put(string path, JsonNode body) => Send(HttpMethod.Put, path, body.ToJsonString());

    public Task<ApiAnswer> Patch(string path, string body, string kind = "merge-patch+json") =>
        Send(HttpMethod.Patch, path, body, "application/" + kind);

    public Task<ApiAnswer> Delete(string path, string? body = null) => Send(HttpMethod.Delete, path, body);

    public async Task<ApiAnswer> Send(
        HttpMethod method, string path, string? body, string? contentType = null, string? accept = "application/json")
    {
        using var response = await Open(method, path, body, contentType, accept);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        return new ApiAnswer(response.StatusCode, text, response.Headers);
    }

    /// <summary>A response whose body is still to be read, as of a watch.</summary>
    public async Task<HttpResponseMessage> Open(
        HttpMethod method, string path, string? body = null, string? contentType = null, string? accept = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri(_kubernetes.BaseUri, path));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType ?? "application/json");
        }

        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        if (_kubernetes.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, Cancellation);
        }

        return await _kubernetes.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    public async Task<ApiWatch> Watch(string path, string accept = "application/json") =>
        new(await Open(HttpMethod.Get, path, accept: accept));

    public void Dispose() => _kubernetes.Dispose();
}

internal sealed record ApiAnswer(HttpStatusCode Status, string Text, HttpResponseHeaders Headers)
{
    public JsonObject Json => CanonicalJson.ParseObject(Encoding.UTF8.GetBytes(Text));

    public string Version => Json.Member("metadata")!.Text("resourceVersion")!;

    public string Uid => Json.Member("metadata")!.Text("uid")!;

    public long Generation => Json.Member("metadata")!.Integer("generation")!.Value;

    public string Message => Json.Text("message")!;

    public ApiAnswer Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {(int)status}, got {(int)Status}: {Text}");
        return this;
    }
}
