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

    /// <summary>
    /// Buckets of AWS that a source without a Secret may be read from, with the operator's own role. None by default: whoever
    /// may write a SearchDataset could else have any bucket that the role reads loaded.
    /// </summary>
    public IList<string> OwnRoleBuckets { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var root in FileRoots.Where(root => root.Length == 0 || root.Contains("://", StringComparison.Ordinal)))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(FileRoots)} '{root}' is not the path of a folder, for example /data/feeds.");
        }

        foreach (var bucket in OwnRoleBuckets.Where(bucket => bucket.Length == 0 || bucket.AsSpan().ContainsAny("/:* ")))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(OwnRoleBuckets)} '{bucket}' is not the name of one bucket, for example feeds.");
        }
    }
}

[OptionsValidator]
internal sealed partial class SourceOptionsValidator : IValidateOptions<SourceOptions>;
