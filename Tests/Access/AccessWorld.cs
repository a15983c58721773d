using System.Net.Http.Headers;
using ClusterGrains.Hosting;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Sandbox.Kubernetes.Users;
using ClusterGrains.Storage;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterGrains.Tests.Access;

/// <summary>A whole silo that asks the sandbox's API server about every caller, over TLS, with two teams' resources.</summary>
public sealed class AccessWorld : IAsyncLifetime
{
    /// <summary>May see everything.</summary>
    public const string Operator = "token-of-the-operator";

    /// <summary>May see the namespace <c>team-a</c>.</summary>
    public const string TeamA = "token-of-team-a";

    /// <summary>Is known, and may do nothing.</summary>
    public const string Nobody = "token-of-nobody";

    public const string Expired = "token-that-has-expired";

    private const string Resources = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: team-a}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: team-b}
        ---
        apiVersion: clustergrains.io/v1alpha1
        kind: SearchCluster
        metadata: {name: open-logs, namespace: team-a}
        spec: {endpoints: ["http://127.0.0.1:1"], suspend: true}
        ---
        apiVersion: clustergrains.io/v1alpha1
        kind: SearchCluster
        metadata: {name: hidden-orders, namespace: team-b}
        spec: {endpoints: ["http://127.0.0.1:1"], suspend: true}
        """;

    private readonly TestFolder _folder = new();
    private readonly SiloFolder _data = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(4));
    private WebApplication? _silo;
    private HttpClient? _http;

    internal KubernetesApi Kubernetes { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public HttpClient Management { get; private set; } = null!;

    public IServiceProvider Services => _silo!.Services;

    internal TlsFolder Tls { get; } = new();

    /// <summary>Every route of both ports.</summary>
    public IEnumerable<RouteEndpoint> Routes =>
        ((IEndpointRouteBuilder)_silo!).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Kubernetes = await KubernetesApi.Start(new KubernetesApiOptions { DataFolder = _folder.Path }, Cancellation);
        Kubernetes.Users.Add(new ApiUser("operator", Operator) { Rules = [new ApiRule(["*"]) { Resources = ["*"] }, new ApiRule(["get"]) { Paths = ["*"] }] });
        Kubernetes.Users.Add(new ApiUser("reader-of-team-a", TeamA)
        {
            Rules = [new ApiRule(["get", "list"]) { Resources = ["searchclusters", "searchdatasets"], Namespaces = ["team-a"] }],
        });
        Kubernetes.Users.Add(new ApiUser("nobody", Nobody));
        Kubernetes.Users.Add(new ApiUser("operator", Expired) { Expires = DateTimeOffset.UnixEpoch });
        Kubernetes.Seed(Resources);

        _silo = SiloHost.Build(
            [.. _data.Settings, .. Tls.Settings, $"--Kubernetes:Kubeconfig={Kubernetes.KubeconfigPath}", "--Dashboard:Enabled=true"]);
        await SiloHost.Start(_silo);
        Address = SiloHost.HttpAddress(_silo);
        Management = new HttpClient { BaseAddress = SiloHost.ManagementAddress(_silo) };
        _http = Tls.Client(Address);
        var index = Services.GetRequiredService<IResourceIndex>();
        while ((await index.List("SearchCluster", _limit.Token)).Count < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, _limit.Token);
        }
    }

    /// <param name="token">None for an anonymous request.</param>
    public Task<HttpResponseMessage> Get(string path, string? token = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Send(request);
    }

    public Task<HttpResponseMessage> Send(HttpRequestMessage request) =>
        _http!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        Management?.Dispose();
        if (_silo is not null)
        {
            await _silo.StopAsync();
            await _silo.DisposeAsync();
        }

        if (Kubernetes is not null)
        {
            await Kubernetes.DisposeAsync();
        }

        _data.Dispose();
        _folder.Dispose();
        Tls.Dispose();
        _limit.Dispose();
    }
}
