namespace ClusterGrains.Storage;

/// <summary>The tables, and how an older file gets there. The file's <c>user_version</c> is its layout.</summary>
internal static class SqliteSchema
{
    /// <summary>Marks a file as ours: "CGrn".</summary>
    private const int ApplicationId = 0x4347726E;

    /// <summary>The same while an import fills the file, so that no version takes it for whole: "CGrI".</summary>
    private const int UnfinishedId = 0x43477249;

    /// <summary>
    /// Step n leads from layout n to n + 1. Published steps never change: files that took them are out there.
    /// </summary>
    /// <remarks>
    /// Documents come last: a list of index columns then never reads the pages they overflow into. Times are UTC text
    /// of fixed width, which sorts as it reads; hashes are unsigned 32 bit in a signed 64 bit column.
    /// </remarks>
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE state (
          grainId TEXT NOT NULL,
          stateName TEXT NOT NULL,
          etag TEXT NOT NULL,
          schemaVersion INTEGER NOT NULL,
          kind TEXT,
          namespace TEXT,
          name TEXT,
          uid TEXT,
          generation INTEGER,
          intent TEXT,
          phase TEXT,
          nextDue TEXT,
          revision INTEGER,
          claim TEXT,
          summary TEXT,
          document TEXT NOT NULL,
          PRIMARY KEY (grainId, stateName)
        );
        CREATE INDEX stateByResource ON state (kind, namespace, name) WHERE kind IS NOT NULL;
        CREATE TABLE reminder (
          grainId TEXT NOT NULL,
          name TEXT NOT NULL,
          etag TEXT NOT NULL,
          grainHash INTEGER NOT NULL,
          startAt TEXT NOT NULL,
          periodTicks INTEGER NOT NULL,
          PRIMARY KEY (grainId, name)
        ) WITHOUT ROWID;
        CREATE INDEX reminderByHash ON reminder (grainHash);
        """,

        // When a resource was created, which settles who claimed first. Rebuilt, so that documents stay last.
        """
        CREATE TABLE newState (
          grainId TEXT NOT NULL,
          stateName TEXT NOT NULL,
          etag TEXT NOT NULL,
          schemaVersion INTEGER NOT NULL,
          kind TEXT,
          namespace TEXT,
          name TEXT,
          uid TEXT,
          createdAt TEXT,
          generation INTEGER,
          intent TEXT,
          phase TEXT,
          nextDue TEXT,
          revision INTEGER,
          claim TEXT,
          summary TEXT,
          document TEXT NOT NULL,
          PRIMARY KEY (grainId, stateName)
        );
        INSERT INTO newState
          SELECT grainId, stateName, etag, schemaVersion, kind, namespace, name, uid, NULL, generation, intent, phase,
            nextDue, revision, claim, summary, document
          FROM state;
        DROP TABLE state;
        ALTER TABLE newState RENAME TO state;
        CREATE INDEX stateByResource ON state (kind, namespace, name) WHERE kind IS NOT NULL;
        CREATE INDEX stateByClaim ON state (claim) WHERE claim IS NOT NULL;
        """,

        // What the watchdog asks for: who is late, and whom a silo that is gone looked after. Rebuilt as before.
        """
        CREATE TABLE newState (
          grainId TEXT NOT NULL,
          stateName TEXT NOT NULL,
          etag TEXT NOT NULL,
          schemaVersion INTEGER NOT NULL,
          kind TEXT,
          namespace TEXT,
          name TEXT,
          uid TEXT,
          createdAt TEXT,
          generation INTEGER,
          intent TEXT,
          phase TEXT,
          nextDue TEXT,
          lateAt TEXT,
          revision INTEGER,
          claim TEXT,
          silo TEXT,
          summary TEXT,
          document TEXT NOT NULL,
          PRIMARY KEY (grainId, stateName)
        );
        INSERT INTO newState
          SELECT grainId, stateName, etag, schemaVersion, kind, namespace, name, uid, createdAt, generation, intent, phase,
            nextDue, nextDue, revision, claim, NULL, summary, document
          FROM state;
        DROP TABLE state;
        ALTER TABLE newState RENAME TO state;
        CREATE INDEX stateByResource ON state (kind, namespace, name) WHERE kind IS NOT NULL;
        CREATE INDEX stateByClaim ON state (claim) WHERE claim IS NOT NULL;
        CREATE INDEX stateByLateAt ON state (lateAt) WHERE lateAt IS NOT NULL;
        CREATE INDEX stateBySilo ON state (silo) WHERE silo IS NOT NULL;
        """,
    ];

    /// <summary>The layout this code reads and writes.</summary>
    public static int Current => Steps.Length;

    /// <summary>Brings the file to <see cref="Current"/> and returns the layout it had; 0 for a new file.</summary>
    /// <param name="filling">An import that was not finished may be there.</param>
    /// <exception cref="DependencyException">The file belongs to a newer version, or to another program, or is not whole.</exception>
    public static int Migrate(SqliteSession session, string path, bool filling)
    {
        var found = Layout(session, path, filling);
        for (var layout = found; layout < Current; layout++)
        {
            session.Run($"""
                BEGIN IMMEDIATE;
                {Steps[layout]}
                {(layout == 0 ? $"PRAGMA application_id = {ApplicationId};" : "")}
                PRAGMA user_version = {layout + 1};
                COMMIT;
                """);
        }

        return found;
    }

    /// <summary>For those who may not move it.</summary>
    /// <exception cref="DependencyException">The file has another layout than <see cref="Current"/>, or is not whole.</exception>
    public static void Require(SqliteSession session, string path)
    {
        if (Layout(session, path, filling: false) is var found && found != Current)
        {
            throw new DependencyException(
                Dependency.Storage,
                $"{path} has layout {found}, and this version reads {Current}. Start a silo of this version once: it moves the file.");
        }
    }

    /// <summary>Whether an import began to fill the file and has not finished.</summary>
    public static bool IsUnfinished(SqliteSession session) => Number(session, "PRAGMA application_id") == UnfinishedId;

    /// <summary>Says that an import fills the file from now on, or no longer does.</summary>
    public static bool Mark(SqliteSession session, bool unfinished)
    {
        session.Run($"PRAGMA application_id = {(unfinished ? UnfinishedId : ApplicationId)}");
        return unfinished;
    }

    private static int Layout(SqliteSession session, string path, bool filling)
    {
        var found = Number(session, "PRAGMA user_version");
        var isNew = found == 0 && Number(session, "SELECT count(*) FROM sqlite_schema") == 0;
        var owner = Number(session, "PRAGMA application_id");
        if (owner == UnfinishedId && !filling)
        {
            throw new DependencyException(
                Dependency.Storage,
                $"{path} holds an import that was not finished. Import the same file again, or delete {path} and begin anew.");
        }

        if (!isNew && owner is not (ApplicationId or UnfinishedId))
        {
            throw new DependencyException(
                Dependency.Storage,
                $"{path} is the database of another program. Set Storage:Sqlite:Path to a file of our own.");
        }

        if (found > Current)
        {
            throw new DependencyException(
                Dependency.Storage,
                $"{path} has layout {found}, written by a newer version; this one knows layouts up to {Current}. "
                + "Run the newer version, or restore a backup from before the upgrade.");
        }

        return found;
    }

    private static int Number(SqliteSession session, string sql) => session.Query(sql, row => row.GetInt32(0))[0];
}
