using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterGrains.Tests.Clusters;

/// <summary>The real probe with Secrets and a name server of the test.</summary>
internal sealed class ProbeWorld : ISecretStore, IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ClusterConnections _connections;

    public ProbeWorld(bool allowLoopback = true, TimeProvider? time = null)
    {
        var metrics = new ClustersMetrics(_services.GetRequiredService<IMeterFactory>());
        _connections = new ClusterConnections(new EndpointConnector(Resolve, allowLoopback));
        Probe = new ClusterProbe(
            this, _connections, new ProbeInstruments(time ?? TimeProvider.System, metrics, NullLogger<ClusterProbe>.Instance));
        Indices = new RestIndexStore(this, _connections, time ?? TimeProvider.System);
    }

    public ClusterProbe Probe { get; }

    /// <summary>With the same Secrets, names and connections.</summary>
    public RestIndexStore Indices { get; }

    public Dictionary<string, Dictionary<string, byte[]>> Secrets { get; } = [];

    public Dictionary<string, string[]> Names { get; } = [];

    /// <summary>Secrets that nobody has allowed us to use.</summary>
    public HashSet<string> Withheld { get; } = [];

    public bool SecretsUnreadable { get; set; }

    public static SearchClusterSpec Spec(params string[] endpoints) => new()
    {
        Endpoints = [.. endpoints],
        Schedule = new() { RequestTimeout = TimeSpan.FromSeconds(30) },
    };

    public Task<ClusterFacts> Run(SearchClusterSpec spec) => Probe.Probe("prod", spec, TestContext.Current.CancellationToken);

    public Task<ClusterFacts> Run(params string[] endpoints) => Run(Spec(endpoints));

    /// <summary>From the probe to the findings, as the grain does it.</summary>
    public async Task<CheckOutcome> Check(SearchClusterSpec spec) =>
        ClusterChecks.Judge(spec, await Run(spec), null, Facts.Now);

    public Task<CheckOutcome> Check(params string[] endpoints) => Check(Spec(endpoints));

    public void Secret(string name, params (string Key, string Value)[] data) =>
        Secrets[name] = data.ToDictionary(d => d.Key, d => Encoding.UTF8.GetBytes(d.Value));

    public Task<StoredSecret?> Read(string secretNamespace, string name, CancellationToken cancellationToken)
    {
        Assert.Equal("prod", secretNamespace);
        return SecretsUnreadable
            ? throw new DependencyException(Dependency.KubernetesApi, "The API server answered 503.")
            : Task.FromResult(Secrets.TryGetValue(name, out var data) ? new StoredSecret(data) { IsWithheld = Withheld.Contains(name) } : null);
    }

    public void Dispose()
    {
        _connections.Dispose();
        _services.Dispose();
    }

    private Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken) =>
        Names.TryGetValue(host, out var addresses)
            ? Task.FromResult(addresses.Select(IPAddress.Parse).ToArray())
            : throw new SocketException((int)SocketError.HostNotFound);
}
