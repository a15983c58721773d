using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Resources;

/// <summary>How much this silo checks at once and how often at most. Bound from <c>Checks</c>.</summary>
public sealed class CheckOptions
{
    public const string Section = "Checks";

    /// <summary>Checks that one silo runs at the same time; more of them wait. 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrent { get; set; } = 500;

    /// <summary>
    /// The shortest <c>schedule.interval</c> that is accepted, and the shortest reminder period. 1 s to 1 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MinimumInterval { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class CheckOptionsValidator : IValidateOptions<CheckOptions>;
