using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Verification;

/// <summary>How the command <c>verify</c> looks. Bound from <c>Verify</c>.</summary>
public sealed class VerifyOptions
{
    public const string Section = "Verify";

    /// <summary>The first day (UTC) of the history that is looked at; null for all that is there.</summary>
    public DateOnly? Since { get; set; }

    /// <summary>Every record is opened and compared with its name, which takes a request for each. Otherwise only gaps are.</summary>
    public bool Open { get; set; }

    /// <summary>Looks that a violation must survive: while silos work, one look may see two moments. 1 to 10.</summary>
    [Range(1, 10)]
    public int Looks { get; set; } = 3;

    /// <summary>Between two looks. 0 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(3);
}

[OptionsValidator]
internal sealed partial class VerifyOptionsValidator : IValidateOptions<VerifyOptions>;
