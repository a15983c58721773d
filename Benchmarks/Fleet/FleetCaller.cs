using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Sandbox.Kubernetes.Users;
using ClusterGrains.Tests.Hosting;

namespace ClusterGrains.Benchmarks.Fleet;

/// <summary>Somebody with a token, on a kept connection.</summary>
/// <param name="namespaces">Those that they may see; empty for all.</param>
internal sealed class FleetCaller(HttpClient http, ImmutableArray<string> namespaces) : IDisposable
{
    public static FleetCaller Create(KubernetesApi api, TlsFolder tls, int port, string name, ImmutableArray<string> namespaces)
    {
        var user = new ApiUser(name, $"token-of-{name}")
        {
            Rules = [new ApiRule(["get", "list"]) { Resources = ["searchclusters", "searchdatasets"], Namespaces = namespaces }],
        };
        api.Users.Add(user);
        var http = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = tls.Trust } })
        {
            BaseAddress = new Uri($"https://localhost:{port}/api/v1/"),
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", user.Token);
        return new FleetCaller(http, namespaces);
    }

    public async Task<JsonNode> Ask(string path, CancellationToken cancellationToken) =>
        JsonNode.Parse(await http.GetStringAsync(path, cancellationToken))!;

    /// <summary>Page after page, beginning anew behind the last. Each time is that of the whole body.</summary>
    /// <exception cref="InvalidOperationException">Something of another namespace was shown.</exception>
    public async Task<List<TimeSpan>> Walk(string path, int requests, CancellationToken cancellationToken)
    {
        var isList = path.StartsWith("searchclusters?", StringComparison.Ordinal);
        var times = new List<TimeSpan>();
        string? token = null;
        while (times.Count < requests)
        {
            var started = TimeProvider.System.GetTimestamp();
            var body = await http.GetStringAsync(token is null ? path : $"{path}&continue={token}", cancellationToken);
            times.Add(TimeProvider.System.GetElapsedTime(started));
            if (isList)
            {
                var page = JsonNode.Parse(body)!;
                AssertOwn(page["items"]!.AsArray());
                token = (string?)page["continue"];
            }
        }

        return times;
    }

    public void Dispose() => http.Dispose();

    private void AssertOwn(JsonArray items)
    {
        if (namespaces.Length > 0 && items.Any(item => !namespaces.Contains((string)item!["namespace"]!)))
        {
            throw new InvalidOperationException("A page shows a resource of a namespace that its caller may not see.");
        }
    }
}
