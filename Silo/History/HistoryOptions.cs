using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.History;

/// <summary>Where history goes. Bound from <c>History</c>.</summary>
public sealed class HistoryOptions : IValidatableObject
{
    public const string Section = "History";

    private static readonly TimeSpan ShortestKept = TimeSpan.FromDays(HistoryAuditOptions.MaxDays + 2);

    /// <summary>
    /// <c>s3://bucket/prefix</c>, or a folder: <c>file:///absolute/path</c>, <c>file:relative/path</c> (to the working
    /// directory). The layout below it is the same.
    /// </summary>
    public string Uri { get; set; } = "file:data/history";

    /// <summary>How to reach an <c>s3://</c> store; not looked at for a folder.</summary>
    public HistoryS3Options S3 { get; set; } = new();

    /// <summary>
    /// From a folder, checks that ended longer ago are deleted, by the day; 0 keeps them for ever. At least 16 days: an audit looks back
    /// as far as 14 (<see cref="HistoryAuditOptions.MaxDays"/>), and two more for what is delivered late.
    /// </summary>
    public TimeSpan KeepChecks { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!HistoryLocation.TryParse(Uri, out var location, out var problem))
        {
            yield return new ValidationResult($"{Section}:{nameof(Uri)} '{Uri}' {problem}");
        }

        if (KeepChecks != TimeSpan.Zero && KeepChecks < ShortestKept)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(KeepChecks)} is too short: audits look for what is younger than {ShortestKept.TotalHours:0}h. Take at least that, or 0 to keep all.");
        }

        if (KeepChecks != TimeSpan.Zero && location is HistoryLocation.S3)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(KeepChecks)} is for a folder, and {Section}:{nameof(Uri)} is '{Uri}'. Leave it out, and let the bucket's lifecycle expire checks.");
        }

        // Also for a mistaken URI that was meant for S3: all mistakes at once.
        if (location is not HistoryLocation.Folder)
        {
            foreach (var mistake in S3.Mistakes())
            {
                yield return new ValidationResult($"{Section}:{nameof(S3)}:{mistake}");
            }
        }
    }
}

[OptionsValidator]
internal sealed partial class HistoryOptionsValidator : IValidateOptions<HistoryOptions>;
