using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Hosting;

/// <summary>Who this silo is among silos. Bound from <c>Orleans</c>.</summary>
public sealed class OrleansOptions : IValidatableObject
{
    public const string Section = "Orleans";

    /// <summary>Silos with the same id form one cluster.</summary>
    [Required]
    public string ClusterId { get; set; } = "clustergrains";

    /// <summary>Part of stored keys: with another one the silo does not find its reminders.</summary>
    [Required]
    public string ServiceId { get; set; } = "clustergrains";

    /// <summary>
    /// Where the other silos reach this one: an address of this machine. Empty: <c>POD_IP</c> of the environment, else
    /// loopback. A silo on SQLite has no others and stays on loopback.
    /// </summary>
    public string AdvertisedAddress { get; set; } = "";

    /// <summary>Silo to silo. 0 takes a free port; 1 to 65535.</summary>
    [Range(0, 65_535)]
    public int SiloPort { get; set; } = 11_111;

    /// <summary>For Orleans clients outside this process. 0 is off; 1 to 65535.</summary>
    [Range(0, 65_535)]
    public int GatewayPort { get; set; }

    public SiloTlsOptions Tls { get; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AdvertisedAddress.Length > 0
            && (!IPAddress.TryParse(AdvertisedAddress, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(AdvertisedAddress)} is '{AdvertisedAddress}', which is not the address of one machine. Set it "
                + "to an IP address under which the other silos reach this one.");
        }

        if (Tls.IsHalf)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Tls)} is set in part. Give CertificatePath, KeyPath and AuthorityPath, or none of them.");
        }
    }
}

[OptionsValidator]
internal sealed partial class OrleansOptionsValidator : IValidateOptions<OrleansOptions>;
