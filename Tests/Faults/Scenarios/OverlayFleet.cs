using ClusterGrains.Sandbox.Kubernetes.Users;
using ClusterGrains.Tests.Hosting;
using ClusterGrains.Tests.Manifests;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>
/// What makes a fleet one that is set up as <c>k8s/overlays/ha</c>: its settings, TLS, and callers who must show a token.
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
        ["History__Uri", "History__S3__Region", "Http__Tls__CertificatePath", "Http__Tls__KeyPath", "Storage__MongoDb__ConnectionString"];

    public TlsFolder Tls { get; } = new();

    /// <summary>The overlay's settings as a silo's command line has them, and loopback instead of every address.</summary>
    public IReadOnlyList<string> Settings =>
    [
        .. OverlaySettings.Of("k8s/overlays/ha").Where(one => !Replaced.Contains(one.Key))
            .Select(one => $"--{one.Key.Replace("__", ":", StringComparison.Ordinal)}={one.Value}"),
        .. Tls.Settings,
    ];

    public void Dispose() => Tls.Dispose();
}
