using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Storage;

/// <summary>The embedded storage. Bound from <c>Storage:Sqlite</c>.</summary>
public sealed class SqliteOptions
{
    public const string Section = "Storage:Sqlite";

    /// <summary>
    /// The database file, relative to the working directory. Its folder is created; <c>-wal</c>, <c>-shm</c> and
    /// <c>.lock</c> files appear beside it. It must be on a local disk.
    /// </summary>
    [Required(ErrorMessage = "Storage:Sqlite:Path is empty. Give it a file name, for example data/clustergrains.db.")]
    public string Path { get; set; } = "data/clustergrains.db";

    /// <summary>Beside a silo or without one, never opened: reads take no lock and leave nothing, and there are no writes.</summary>
    internal bool ReadOnly { get; set; }

    /// <summary>To be filled by an import: one that was not finished may be there.</summary>
    internal bool Filling { get; set; }

    /// <summary>Operations that may wait for the disk before further ones are refused; about a second's work.</summary>
    internal int QueueLimit { get; set; } = 8192;

    /// <summary>How long a foreign lock on the file (a backup, a sqlite3 shell) is waited for, in seconds.</summary>
    internal int LockTimeout { get; set; } = 5;
}

[OptionsValidator]
internal sealed partial class SqliteOptionsValidator : IValidateOptions<SqliteOptions>;
