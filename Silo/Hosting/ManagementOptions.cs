using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Hosting;

/// <summary>
/// Probes and metrics. Bound from <c>Management</c>. In a pod it answers on every address, because the kubelet and
/// Prometheus ask from outside; elsewhere on loopback only.
/// </summary>
public sealed class ManagementOptions
{
    public const string Section = "Management";

    /// <summary>0 takes a free port; 1 to 65535.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 8081;
}

[OptionsValidator]
internal sealed partial class ManagementOptionsValidator : IValidateOptions<ManagementOptions>;
