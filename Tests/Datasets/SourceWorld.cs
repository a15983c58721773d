using System.Net;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Tests.Datasets;

/// <summary>The real source with secrets and settings of a test.</summary>
internal sealed class SourceWorld : IDisposable
{
    public const string Namespace = "shop";

    private readonly S3SourceClients _clients;

    public SourceWorld(IEnumerable<string>? roots = null, TimeProvider? time = null, bool allowLoopback = true, params string[] ownRole)
    {
        _clients = new S3SourceClients(new EndpointConnector(
            (host, token) => Names.TryGetValue(host, out var address) ? Task.FromResult<IPAddress[]>([address]) : Dns.GetHostAddressesAsync(host, token),
            allowLoopback));
        var options = new SourceOptions { FileRoots = [.. roots ?? []], OwnRoleBuckets = ownRole };
        Source = new VersionSource(Secrets, _clients, Options.Create(options), time ?? TimeProvider.System);
    }

    /// <summary>Names that mean something else than the name server says.</summary>
    public Dictionary<string, IPAddress> Names { get; } = [];

    public KnownSecrets Secrets { get; } = new();

    public IVersionSource Source { get; }

    public Task<ISourceSession> Open(SourceSpec spec) =>
        Source.Open(Namespace, spec, TestContext.Current.CancellationToken);

    public void Dispose() => _clients.Dispose();
}
