using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Storage;

/// <summary>Where grain state, reminders and the resource index are kept. Bound from <c>Storage</c>.</summary>
public sealed class StorageOptions : IValidatableObject
{
    public const string Section = "Storage";
    public const string Sqlite = "Sqlite";

    /// <summary>The only value so far is <c>Sqlite</c>: one silo process, one file.</summary>
    public string Provider { get; set; } = Sqlite;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.Equals(Provider, Sqlite, StringComparison.OrdinalIgnoreCase))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Provider)} is '{Provider}'. Set it to {Sqlite}, or leave it out.");
        }
    }
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
