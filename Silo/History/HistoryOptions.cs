using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.History;

/// <summary>Where history goes. Bound from <c>History</c>.</summary>
public sealed class HistoryOptions : IValidatableObject
{
    public const string Section = "History";

    /// <summary>
    /// <c>s3://bucket/prefix</c>, or a folder: <c>file:///absolute/path</c>, <c>file:relative/path</c> (to the working
    /// directory). The layout below it is the same.
    /// </summary>
    public string Uri { get; set; } = "file:data/history";

    /// <summary>How to reach an <c>s3://</c> store; not looked at for a folder.</summary>
    public HistoryS3Options S3 { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!HistoryLocation.TryParse(Uri, out var location, out var problem))
        {
            yield return new ValidationResult($"{Section}:{nameof(Uri)} '{Uri}' {problem}");
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
