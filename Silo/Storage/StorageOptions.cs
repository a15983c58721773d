using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Storage;

/// <summary>Where grain state, reminders and the resource index are kept. Bound from <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>The only value so far is <c>Sqlite</c>: one silo process, one file.</summary>
    [Required(ErrorMessage = "Storage:Provider is empty. Set it to Sqlite, or leave it out.")]
    [RegularExpression(
        "(?i)^sqlite$",
        ErrorMessage = "Storage:Provider names a storage that does not exist. Set it to Sqlite, or leave it out.")]
    public string Provider { get; set; } = "Sqlite";
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
