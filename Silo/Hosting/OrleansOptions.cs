using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Hosting;

/// <summary>Who this silo is among silos. Bound from <c>Orleans</c>.</summary>
public sealed class OrleansOptions
{
    public const string Section = "Orleans";

    /// <summary>Silos with the same id form one cluster.</summary>
    [Required]
    public string ClusterId { get; set; } = "clustergrains";

    /// <summary>Part of stored keys: with another one the silo does not find its reminders.</summary>
    [Required]
    public string ServiceId { get; set; } = "clustergrains";

    /// <summary>Silo to silo. 0 takes a free port; 1 to 65535.</summary>
    [Range(0, 65_535)]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>For Orleans clients outside this process. 0 is off; 1 to 65535.</summary>
    [Range(0, 65_535)]
    public int GatewayPort { get; set; }
}

[OptionsValidator]
internal sealed partial class OrleansOptionsValidator : IValidateOptions<OrleansOptions>;
