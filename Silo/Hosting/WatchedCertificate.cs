using System.Security.Cryptography;

namespace ClusterGrains.Hosting;

/// <summary>
/// A certificate in files that change while the process runs. They are looked at every <see cref="Pace"/>; new connections get
/// the newest one that could be read, and files that are no good leave the one before in force.
/// </summary>
/// <param name="use">Whose it is, in logs and metrics: <c>api</c> or <c>silo</c>.</param>
internal abstract class WatchedCertificate<TCertificate>(string use, TimeProvider time, CertificateMetrics metrics, ILogger logger)
    : BackgroundService
    where TCertificate : class
{
    /// <summary>A Secret that changes reaches a pod's volume within a minute or so; this adds little.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    private const string Unreadable = "";

    private volatile TCertificate? _current;
    private string? _seen;

    public TCertificate Current => _current ?? throw new InvalidOperationException($"The certificate of the {use} is not open.");

    /// <summary>All files that belong to it.</summary>
    protected abstract IReadOnlyList<string> Paths { get; }

    /// <summary>Before a port opens.</summary>
    /// <exception cref="CertificateException">There is nothing to open it with.</exception>
    public void Open()
    {
        _seen = Fingerprint();
        Use(Load());
    }

    /// <summary>Takes the files if they have changed. A port that is not open has none.</summary>
    internal void Look()
    {
        if (_current is null)
        {
            return;
        }

        // Each content is looked at once: between files that are replaced one after the other lies a set that fits nobody.
        var found = Fingerprint();
        if (found == _seen)
        {
            return;
        }

        _seen = found;
        try
        {
            Use(Load());
            logger.CertificateLoaded(use, Paths[0], End(Current));
        }
        catch (Exception failure) when (failure is CertificateException or CryptographicException)
        {
            metrics.Refused(use);
            logger.CertificateRefused(use, failure.Message);
        }
    }

    /// <summary>What the files hold now.</summary>
    /// <exception cref="CertificateException">They are not what they must be; the message names the file and the cure.</exception>
    protected abstract TCertificate Load();

    /// <summary>Until when it is good, UTC.</summary>
    protected abstract DateTime End(TCertificate certificate);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pace = new PeriodicTimer(Pace, time);
        try
        {
            while (await pace.WaitForNextTickAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The port closes.
        }
    }

    private void Use(TCertificate certificate)
    {
        // The one before is not disposed of: a handshake may be at it.
        _current = certificate;
        metrics.Loaded(use, End(certificate));
    }

    private string Fingerprint()
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var path in Paths)
            {
                hash.AppendData(SHA256.HashData(CertificateFiles.ReadBytes(path)));
            }

            return Convert.ToHexString(hash.GetHashAndReset());
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Unreadable;
        }
    }
}
