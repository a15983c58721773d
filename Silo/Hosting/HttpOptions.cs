using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Hosting;

/// <summary>The fleet API and the dashboard. Bound from <c>Http</c>.</summary>
public sealed class HttpOptions : IValidatableObject
{
    public const string Section = "Http";

    /// <summary>
    /// The address it answers on. Empty: loopback; with <c>Access:Mode=Kubernetes</c> every address. Another than loopback
    /// needs that mode.
    /// </summary>
    public string Address { get; set; } = "";

    /// <summary>0 takes a free port; 1 to 65535.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 8080;

    /// <summary>With it the port speaks HTTPS only. Required with <c>Access:Mode=Kubernetes</c>: tokens travel here.</summary>
    public TlsOptions Tls { get; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Address.Length > 0 && !IPAddress.TryParse(Address, out _))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Address)} is '{Address}', which is no IP address. Give one of this machine, or leave it out.");
        }

        if (Tls.CertificatePath.Length > 0 != Tls.KeyPath.Length > 0)
        {
            var (given, missing) = Tls.KeyPath.Length > 0 ? ("KeyPath", "CertificatePath") : ("CertificatePath", "KeyPath");
            yield return new ValidationResult(
                $"{Section}:{nameof(Tls)}:{missing} is empty, and {Section}:{nameof(Tls)}:{given} is not. Give both, or neither.");
        }
    }
}

[OptionsValidator]
internal sealed partial class HttpOptionsValidator : IValidateOptions<HttpOptions>;
