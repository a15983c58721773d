using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Hosting;

/// <summary>
/// The certificate of the API. Looks at its files every <see cref="Pace"/>; new connections get the newest one that could be
/// read, and a pair that cannot leaves the one before in force.
/// </summary>
internal sealed class ServerCertificate : BackgroundService
{
    /// <summary>A Secret that changes reaches a pod's volume within a minute or so; this adds little.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    private readonly TlsOptions _paths;
    private readonly TimeProvider _time;
    private readonly CertificateMetrics _metrics;
    private readonly ILogger<ServerCertificate> _logger;
    private volatile CertificateFiles? _current;
    private string? _refused;

    public ServerCertificate(
        IOptions<HttpOptions> options, TimeProvider time, CertificateMetrics metrics, ILogger<ServerCertificate> logger)
    {
        (_paths, _time, _metrics, _logger) = (options.Value.Tls, time, metrics, logger);
    }

    /// <summary>Before the port opens.</summary>
    /// <exception cref="CertificateException">There is nothing to open it with.</exception>
    public TlsHandshakeCallbackOptions Open()
    {
        Use(CertificateFiles.Load(_paths));
        return new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = _current!.Context,
            }),
        };
    }

    /// <summary>Takes the files if they have changed.</summary>
    internal void Look()
    {
        var found = CertificateFiles.Look(_paths);
        if (found == _current?.Fingerprint || (found is not null && found == _refused))
        {
            return;
        }

        try
        {
            Use(CertificateFiles.Load(_paths));
            _logger.CertificateLoaded(_paths.CertificatePath, _current!.Certificate.NotAfter.ToUniversalTime());
        }
        catch (CertificateException failure)
        {
            // Said once for each content: between two files that are replaced one after the other lies a pair that fits nobody.
            _refused = found ?? "";
            _metrics.Refused();
            _logger.CertificateRefused(failure.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pace = new PeriodicTimer(Pace, _time);
        try
        {
            while (_current is not null && await pace.WaitForNextTickAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The port closes.
        }
    }

    private void Use(CertificateFiles files)
    {
        // The one before is not disposed of: a handshake may be at it.
        _current = files;
        _refused = null;
        _metrics.Loaded(files.Certificate.NotAfter.ToUniversalTime());
    }
}
