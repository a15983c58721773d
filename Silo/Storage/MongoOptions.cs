using System.Buffers;
using System.ComponentModel.DataAnnotations;
using System.Text;
using Microsoft.Extensions.Options;
using MongoDB.Driver;

namespace ClusterGrains.Storage;

/// <summary>The storage that several silos share. Bound from <c>Storage:MongoDb</c>.</summary>
public sealed class MongoOptions : IValidatableObject
{
    public const string Section = "Storage:MongoDb";

    /// <summary>Of MongoDB itself: a database name has fewer bytes.</summary>
    private const int NameLimit = 64;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/\\. \"$*<>:|?\0");
    private static readonly string[] Reserved = ["admin", "local", "config"];

    /// <summary>
    /// Where the server is: <c>mongodb://…</c> or <c>mongodb+srv://…</c>. It holds a password and is never shown.
    /// Concerns, read preference and time limits in it are replaced: what is stored must be durable and read as stored.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Everything is in this database, whatever database the connection string names.</summary>
    public string Database { get; set; } = "clustergrains";

    /// <summary>Beside silos or without any: makes no index and marks nothing.</summary>
    internal bool ReadOnly { get; set; }

    /// <summary>To be filled by an import: one that was not finished may be there.</summary>
    internal bool Filling { get; set; }

    /// <summary>An operation that has not succeeded by then has failed, everything that was tried again included.</summary>
    internal TimeSpan Budget { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Operations that may be on their way before further ones are refused.</summary>
    internal int PendingLimit { get; set; } = 8192;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        const string example = "for example mongodb://user:password@host:27017/?replicaSet=rs0";
        if (ConnectionString.Length == 0)
        {
            yield return new ValidationResult($"{Section}:{nameof(ConnectionString)} is empty. Set it, {example}.");
        }
        else if (!IsConnectionString(ConnectionString))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(ConnectionString)} is no connection string of MongoDB. Set it, {example}; write @ : / % "
                + "of a password as %40 %3A %2F %25.");
        }

        if (Database.Length == 0 || Encoding.UTF8.GetByteCount(Database) >= NameLimit || Database.AsSpan().ContainsAny(Forbidden)
            || Reserved.Contains(Database, StringComparer.OrdinalIgnoreCase))
        {
            yield return new ValidationResult(
                $"{Section}:{nameof(Database)} is '{Database}', which is no name for a database of our own. Use 1 to "
                + $"{NameLimit - 1} letters, digits, - and _; not {string.Join(", ", Reserved)}.");
        }
    }

    // What the driver says about a string that it cannot read repeats the string, and with it the password.
    private static bool IsConnectionString(string text)
    {
        try
        {
            return MongoUrl.Create(text) is not null;
        }
        catch (Exception unreadable) when (unreadable is MongoConfigurationException or ArgumentException or FormatException)
        {
            return false;
        }
    }
}

[OptionsValidator]
internal sealed partial class MongoOptionsValidator : IValidateOptions<MongoOptions>;
