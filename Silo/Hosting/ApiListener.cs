using System.Net;
using System.Net.Sockets;
using ClusterGrains.Access;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClusterGrains.Hosting;

/// <summary>Where the API answers: on loopback whoever asks, elsewhere over TLS whoever has the right.</summary>
internal static class ApiListener
{
    /// <summary>Of both families where there are both.</summary>
    public static IPAddress Everywhere { get; } = Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;

    public static IPAddress Address(HttpOptions http, AccessOptions access) =>
        IPAddress.TryParse(http.Address, out var told) ? told
        : access.AsksKubernetes ? Everywhere
        : IPAddress.Loopback;

    /// <summary>What keeps the port from opening, one line each.</summary>
    public static IEnumerable<string> Problems(HttpOptions http, AccessOptions access)
    {
        if (!access.AsksKubernetes && !IPAddress.IsLoopback(Address(http, access)))
        {
            yield return $"Http:Address is {http.Address}, where others can ask, and Access:Mode is {access.Mode}, which lets all of them see "
                + "everything. Leave the address out, or set Access:Mode=Kubernetes.";
        }

        if (access.AsksKubernetes && !http.Tls.IsSet)
        {
            yield return "Access:Mode is Kubernetes, and callers would send their tokens in plain text. Set Http:Tls:CertificatePath and "
                + "Http:Tls:KeyPath to the PEM files of a certificate.";
        }

        if (http.Tls.IsSet && Mistake(http.Tls) is { } mistake)
        {
            yield return $"Http:Tls: {mistake}";
        }
    }

    public static void Open(KestrelServerOptions kestrel, IServiceProvider services, HttpOptions http, AccessOptions access) =>
        kestrel.Listen(Address(http, access), http.Port, listener =>
        {
            Surface.Api.Mark(listener);
            if (http.Tls.IsSet)
            {
                listener.UseHttps(services.GetRequiredService<ServerCertificate>().ForKestrel());
            }
        });

    private static string? Mistake(TlsOptions tls)
    {
        try
        {
            CertificateFiles.Load(tls).Certificate.Dispose();
            return null;
        }
        catch (CertificateException failure)
        {
            return failure.Message;
        }
    }
}
