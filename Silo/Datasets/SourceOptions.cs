using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Datasets;

/// <summary>What datasets may read. Bound from <c>Datasets</c>.</summary>
public sealed class SourceOptions : IValidatableObject
{
    public const string Section = "Datasets";

    /// <summary>
    /// Folders of this process's file system, absolute or relative to the working directory, below which <c>file://</c>
    /// sources may lie. None by default: whoever may write a SearchDataset could else have any file here loaded.
    /// </summary>
    public IList<string> FileRoots { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var root in FileRoots.Where(root => root.Length == 0 || root.Contains("://", StringComparison.Ordinal)))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(FileRoots)} '{root}' is not the path of a folder, for example /data/feeds.");
        }
    }
}

[OptionsValidator]
internal sealed partial class SourceOptionsValidator : IValidateOptions<SourceOptions>;
