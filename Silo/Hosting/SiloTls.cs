using System.IO.Pipelines;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace ClusterGrains.Hosting;

/// <summary>
/// TLS between silos, with a certificate at both ends. Names are not compared, since pods have none that lasts: a certificate of
/// the authority is what makes a silo.
/// </summary>
/// <remarks>Microsoft.Orleans.Connections.Security, which does the same, is not among the packages we may take.</remarks>
internal sealed class SiloTls(SiloIdentity identity, TimeProvider time, ILogger<SiloTls> logger)
{
    /// <summary>Whoever reaches the port can fail: told no more often than this.</summary>
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromSeconds(10);

    // Apart: whoever connects to this silo takes nothing from those it connects to.
    private readonly Handshakes _incoming = new(time);
    private readonly Handshakes _outgoing = new(time);
    private readonly Lock _gate = new();
    private long? _told;

    /// <exception cref="CertificateException">The files are not what they must be.</exception>
    public void Secure(SiloConnectionOptions connections)
    {
        identity.Open();
        connections.ConfigureSiloInboundConnection(builder => builder.Use(next => connection => Accept(connection, next)));
        connections.ConfigureGatewayInboundConnection(builder => builder.Use(next => connection => Accept(connection, next)));
        connections.ConfigureSiloOutboundConnection(builder => builder.Use(next => connection => Connect(connection, next)));
    }

    internal Task Accept(ConnectionContext connection, ConnectionDelegate next) => Run(connection, next, _incoming, Accept);

    internal Task Connect(ConnectionContext connection, ConnectionDelegate next) => Run(connection, next, _outgoing, Connect);

    private static Task Accept(SslStream stream, SiloCertificate certificate, CancellationToken cancellationToken) =>
        stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate.Own.Context,
                ClientCertificateRequired = true,
                CertificateChainPolicy = certificate.Policy([]),
                RemoteCertificateValidationCallback = certificate.IsOfAuthority,
            },
            cancellationToken);

    private static Task Connect(SslStream stream, SiloCertificate certificate, CancellationToken cancellationToken) =>
        stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "silo",
                ClientCertificateContext = certificate.Own.Context,
                CertificateChainPolicy = certificate.Policy([]),
                RemoteCertificateValidationCallback = certificate.IsOfAuthority,
            },
            cancellationToken);

    private async Task Run(
        ConnectionContext connection,
        ConnectionDelegate next,
        Handshakes handshakes,
        Func<SslStream, SiloCertificate, CancellationToken, Task> handshake)
    {
        var plain = connection.Transport;
        await using var secured = new SslStream(new TransportStream(plain));
        try
        {
            var certificate = identity.Current;
            await handshakes.Run(connection.RemoteEndPoint, limit => handshake(secured, certificate, limit), connection.ConnectionClosed);
        }
        catch (Exception failure)
        {
            Tell(connection, failure);
            throw;
        }

        var transport = new SecuredTransport(secured);
        connection.Transport = transport;
        try
        {
            await next(connection);
        }
        finally
        {
            await transport.Output.CompleteAsync();
            await transport.Input.CompleteAsync();
            connection.Transport = plain;
        }
    }

    private void Tell(ConnectionContext connection, Exception failure)
    {
        lock (_gate)
        {
            if (_told is { } before && time.GetElapsedTime(before) < BetweenWarnings)
            {
                return;
            }

            _told = time.GetTimestamp();
        }

        logger.HandshakeFailed(
            connection.RemoteEndPoint, failure is OperationCanceledException ? "its handshake was not over in time, made room for others, or was given up" : failure.Message);
    }

    private sealed class SecuredTransport(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }
}
