using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterGrains.Hosting;

/// <summary>A certificate with its key and what leads to its authority, read from two PEM files.</summary>
internal sealed record CertificateFiles(X509Certificate2 Certificate, X509Certificate2Collection Chain)
{
    private const int MaxBytes = 256 << 10;

    public SslStreamCertificateContext Context { get; } = SslStreamCertificateContext.Create(Certificate, Chain, offline: true);

    /// <summary>Until when it is good, UTC.</summary>
    public DateTime End => Certificate.NotAfter.ToUniversalTime();

    /// <exception cref="CertificateException">They are no certificate and its key; the message names the file and the cure.</exception>
    public static CertificateFiles Load(TlsOptions paths)
    {
        try
        {
            var (certificate, key) = (Read(paths.CertificatePath), Read(paths.KeyPath));
            var all = new X509Certificate2Collection();
            all.ImportFromPem(certificate);
            using var leaf = X509Certificate2.CreateFromPem(certificate, key);

            // A key that was never stored is refused by some platforms' TLS.
            var whole = X509CertificateLoader.LoadPkcs12(leaf.Export(X509ContentType.Pkcs12), null);
            return new CertificateFiles(whole, [.. all.Skip(1)]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new CertificateException(
                $"The certificate in {paths.CertificatePath} with the key in {paths.KeyPath} cannot be used: {failure.Message} "
                + "Give PEM files that this process can read: the certificate and its unencrypted private key.",
                failure);
        }
    }

    /// <exception cref="IOException">There is no such file, or it is too large to be one of these.</exception>
    public static byte[] ReadBytes(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > MaxBytes)
        {
            throw new IOException($"{path} is larger than {MaxBytes >> 10} KiB.");
        }

        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static string Read(string path) => System.Text.Encoding.UTF8.GetString(ReadBytes(path));
}
