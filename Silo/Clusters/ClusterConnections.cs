using System.Diagnostics;
using System.Net;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>
/// Kept connections to search clusters, one set per trust: credentials travel with each request, so only whom a
/// connection trusts decides who may share it. A rotated authority is another trust and gets new connections.
/// </summary>
internal sealed class ClusterConnections(EndpointConnector connector) : IDisposable
{
    /// <summary>Well over the checks that run at once, so that what is forgotten is not in use.</summary>
    private const int MaxTrusts = 20_000;

    private const int MaxHeaderKibibytes = 32;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Names and certificates are looked at again after this long.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>Longer than the usual interval: most of a small check's cost is the TLS handshake.</summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(6);

    private readonly RecentlyUsed<string, HttpMessageInvoker> _byTrust = new(MaxTrusts, invoker => invoker.Dispose());

    public HttpMessageInvoker For(ClusterTrust trust) =>
        _byTrust.GetOrAdd(trust.Key, _ => new HttpMessageInvoker(Handler(trust), disposeHandler: true));

    public void Dispose() => _byTrust.Clear();

    private SocketsHttpHandler Handler(ClusterTrust trust) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectCallback = connector.Connect,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = Lifetime,
        PooledConnectionIdleTimeout = IdleTimeout,
        MaxResponseHeadersLength = MaxHeaderKibibytes,
        MaxResponseDrainSize = 0,
        SslOptions = trust.ToTls(),

        // Our traces are nobody else's business.
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
    };
}
