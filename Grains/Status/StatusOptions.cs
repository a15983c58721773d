using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Status;

/// <summary>How eagerly the status is written. Bound from <c>Status</c>.</summary>
public sealed class StatusOptions
{
    public const string Section = "Status";

    /// <summary>
    /// A status in which only the times of the last and next run changed is written at most once per
    /// max(interval, this). 1 s to 1 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Refresh { get; set; } = TimeSpan.FromMinutes(5);
}

[OptionsValidator]
internal sealed partial class StatusOptionsValidator : IValidateOptions<StatusOptions>;
