using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Watch;

/// <summary>The two ways in which changes are found. Bound from <c>Watch</c>.</summary>
public sealed class SweepOptions
{
    public const string Section = "Watch";

    /// <summary>
    /// False switches the relay off: then only the sweep finds what users change. For trouble with the relay, and for tests.
    /// </summary>
    public bool Relay { get; set; } = true;

    /// <summary>Time between two sweeps of all silos together. 10 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(5);
}

[OptionsValidator]
internal sealed partial class SweepOptionsValidator : IValidateOptions<SweepOptions>;
