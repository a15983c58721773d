using ClusterGrains.Sandbox.Kubernetes.Users;
using ClusterGrains.Tests.Hosting;
using ClusterGrains.Tests.Manifests;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>
/// What makes a fleet one that is set up as <c>k8s/overlays/ha</c> with the component <c>silo-tls</c>: their settings, TLS for callers and
/// between silos, and callers who must show a token.
/// </summary>
internal sealed class OverlayFleet : IDisposable
{
    /// <summary>May see all.</summary>
    public static readonly ApiUser Reader = new("reader", "token-of-the-reader")
    {
        Rules = [new ApiRule(["get", "list"]) { Resources = ["searchclusters", "searchdatasets"] }],
    };

    /// <summary>What only a cluster has; the fleet has its own instead.</summary>
    private static readonly string[] Replaced =
    [
        "History__Uri", "Http__Tls__CertificatePath", "Http__Tls__KeyPath", "Storage__MongoDb__ConnectionString",
        "Orleans__Tls__AuthorityPath", "Orleans__Tls__CertificatePath", "Orleans__Tls__KeyPath",
    ];

    /// <summary>Of the API.</summary>
    public TlsFolder Tls { get; } = new();

    /// <summary>Of the silos among themselves.</summary>
    public TlsFolder Between { get; } = new();

    /// <summary>The overlay's settings as a silo's command line has them, and loopback instead of every address.</summary>
    public IReadOnlyList<string> Settings =>
    [
        .. OverlaySettings.Of("k8s/overlays/ha").Concat(OverlaySettings.Of("k8s/components/silo-tls")).Where(one => !Replaced.Contains(one.Key))
            .Select(one => $"--{one.Key.Replace("__", ":", StringComparison.Ordinal)}={one.Value}"),
        .. Tls.Settings,
        $"--Orleans:Tls:AuthorityPath={Between.Authority}",
        $"--Orleans:Tls:CertificatePath={Between.Files.CertificatePath}",
        $"--Orleans:Tls:KeyPath={Between.Files.KeyPath}",
    ];

    public void Dispose()
    {
        Tls.Dispose();
        Between.Dispose();
    }
}
