using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Storage;

/// <summary>Where grain state, reminders and the resource index are kept. Bound from <c>Storage</c>.</summary>
public sealed class StorageOptions : IValidatableObject
{
    public const string Section = "Storage";
    public const string Sqlite = "Sqlite";
    public const string MongoDb = "MongoDb";

    /// <summary><c>Sqlite</c>: one silo process, one file. <c>MongoDb</c>: any number of silos.</summary>
    public string Provider { get; set; } = Sqlite;

    internal bool IsMongoDb => Is(MongoDb);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Is(Sqlite) && !IsMongoDb)
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Provider)} is '{Provider}'. Set it to {Sqlite} or {MongoDb}, or leave it out.");
        }
    }

    private bool Is(string provider) => string.Equals(Provider, provider, StringComparison.OrdinalIgnoreCase);
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
