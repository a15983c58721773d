using Microsoft.Data.Sqlite;
using Orleans.Storage;
using SQLitePCL;

namespace ClusterGrains.Storage;

/// <summary>Turns what SQLite says into what an operator can act on.</summary>
internal static class SqliteFailure
{
    public static Exception Describe(Exception failure, string path) => failure switch
    {
        DependencyException or InconsistentStateException => failure,
        SqliteException sqlite => new DependencyException(
            Dependency.Storage, $"{path} {Cure(sqlite.SqliteErrorCode)} ({failure.Message})", failure),
        _ => new DependencyException(Dependency.Storage, $"{path}: {failure.Message}", failure),
    };

    private static string Cure(int code) => code switch
    {
        raw.SQLITE_FULL => "cannot grow, the disk is full; nothing was written. Free space on that disk.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
            "is locked by another program; nothing was written. End what has it open (a backup, a sqlite3 shell).",
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM =>
            "cannot be opened for writing. Make the file and its folder writable for this process's user.",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB =>
            "is damaged or no SQLite database. Restore it from a backup, or let Storage:Sqlite:Path name another.",
        raw.SQLITE_IOERR => "cannot be read or written. Check the disk under it.",
        _ => "did not carry out the operation.",
    };
}
