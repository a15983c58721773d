using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>
/// Clients of the stores that users name, over one set of connections: to checked addresses only, without proxy, without
/// following redirects.
/// </summary>
internal sealed class S3SourceClients : IDisposable
{
    /// <summary>What is forgotten may be in use: it holds nothing that must be given back.</summary>
    private const int MaxClients = 256;

    private const int MaxConnectionsPerServer = 64;
    private const int MaxHeaderKibibytes = 32;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private readonly RecentlyUsed<S3Access, IAmazonS3> _clients = new(MaxClients);
    private readonly HttpClient _http;
    private readonly SharedConnections _connections;

    public S3SourceClients(EndpointConnector connector)
    {
        _http = new HttpClient(new CappedAnswers(Handler(connector.Connect))) { Timeout = Timeout.InfiniteTimeSpan };
        _connections = new SharedConnections(_http);
    }

    /// <exception cref="AmazonClientException">Nobody says which region AWS shall be asked in.</exception>
    public IAmazonS3 For(S3Access access) => _clients.GetOrAdd(access, key => S3Client.Create(key, config =>
    {
        config.HttpClientFactory = _connections;
        config.AllowAutoRedirect = false;
        config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;

        // Part of a file has no checksum of its own, and TLS and ETag guard the rest.
        config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
    }));

    public void Dispose()
    {
        _clients.Clear();
        _http.Dispose();
    }

    internal static SocketsHttpHandler Handler(
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect) => new()
    {
        // Not the usual options: those would fetch what a server's certificate names as its issuer, past the connector.
        SslOptions = ClusterTrust.System.ToTls(),
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectCallback = connect,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = Lifetime,
        MaxConnectionsPerServer = MaxConnectionsPerServer,
        MaxResponseHeadersLength = MaxHeaderKibibytes,
        MaxResponseDrainSize = 0,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
    };

    private sealed class SharedConnections(HttpClient http) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => http;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }

    /// <summary>The SDK reads lists and errors into memory as long as they come.</summary>
    private sealed class CappedAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        /// <summary>Well over 1,000 keys of 1,024 bytes, each character escaped.</summary>
        private const int MaxBytes = 16 << 20;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            var isFile = answer.IsSuccessStatusCode
                && request.RequestUri?.Query.Contains("list-type=", StringComparison.Ordinal) != true;
            if (!isFile)
            {
                await answer.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
            }

            return answer;
        }
    }
}
