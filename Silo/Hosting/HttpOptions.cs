using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Hosting;

/// <summary>The fleet API. Bound from <c>Http</c>. It answers on loopback only.</summary>
public sealed class HttpOptions
{
    public const string Section = "Http";

    /// <summary>0 takes a free port; 1 to 65535.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 8080;
}

[OptionsValidator]
internal sealed partial class HttpOptionsValidator : IValidateOptions<HttpOptions>;
