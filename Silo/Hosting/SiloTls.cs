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
internal sealed class SiloTls(SiloTlsOptions options, TimeProvider time, ILogger<SiloTls> logger)
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Whoever reaches the port can fail: told no more often than this.</summary>
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long? _told;
    private SiloCertificate? _current;

    /// <exception cref="CertificateException">The files are not what they must be.</exception>
    public void Secure(SiloConnectionOptions connections)
    {
        Current();
        connections.ConfigureSiloInboundConnection(builder => builder.Use(next => connection => Run(connection, next, Accept)));
        connections.ConfigureGatewayInboundConnection(builder => builder.Use(next => connection => Run(connection, next, Accept)));
        connections.ConfigureSiloOutboundConnection(builder => builder.Use(next => connection => Run(connection, next, Connect)));
    }

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
        ConnectionContext connection, ConnectionDelegate next, Func<SslStream, SiloCertificate, CancellationToken, Task> handshake)
    {
        var plain = connection.Transport;
        await using var secured = new SslStream(new TransportStream(plain));
        try
        {
            using var limit = new CancellationTokenSource(HandshakeTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, connection.ConnectionClosed);
            await handshake(secured, Current(), either.Token);
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

        logger.HandshakeFailed(connection.RemoteEndPoint, failure.Message);
    }

    /// <summary>Connections are few: each looks whether the files have changed. Files that are no good change nothing.</summary>
    private SiloCertificate Current()
    {
        lock (_gate)
        {
            try
            {
                _current = SiloCertificate.Load(options, _current);
            }
            catch (CertificateException failure) when (_current is not null)
            {
                logger.SiloCertificateRefused(failure.Message);
            }

            return _current;
        }
    }

    private sealed class SecuredTransport(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }
}
