using ClusterGrains.Resources;
using Microsoft.Data.Sqlite;

namespace ClusterGrains.Storage;

/// <summary>
/// The <c>state</c> table. Every write is one statement: a document never parts from its index columns.
/// </summary>
internal static class SqliteStateTable
{
    private const string IndexColumns =
        "kind, namespace, name, uid, generation, intent, phase, nextDue, revision, claim, summary, createdAt";

    private const string IsKey = "grainId = @grainId AND stateName = @stateName";

    /// <summary>An older version of this code never replaces what a newer one wrote.</summary>
    private const string IsExpected = $"{IsKey} AND etag = @expected AND schemaVersion <= @schemaVersion";

    private const string FindSql = $"SELECT etag, schemaVersion, document FROM state WHERE {IsKey}";

    private const string InsertSql =
        $"""
        INSERT INTO state (grainId, stateName, etag, schemaVersion, {IndexColumns}, document)
        VALUES (
          @grainId, @stateName, @etag, @schemaVersion, @kind, @namespace, @name, @uid, @generation, @intent, @phase,
          @nextDue, @revision, @claim, @summary, @createdAt, @document)
        ON CONFLICT DO NOTHING
        """;

    private const string UpdateSql =
        $"""
        UPDATE state SET
          etag = @etag, schemaVersion = @schemaVersion, kind = @kind, namespace = @namespace, name = @name, uid = @uid,
          generation = @generation, intent = @intent, phase = @phase, nextDue = @nextDue, revision = @revision,
          claim = @claim, summary = @summary, createdAt = @createdAt, document = @document
        WHERE {IsExpected}
        """;

    private const string DeleteSql = $"DELETE FROM state WHERE {IsExpected}";

    private const string ListSql =
        $"SELECT {IndexColumns} FROM state WHERE kind = @kind ORDER BY namespace, name";

    private const string FindIndexSql =
        $"SELECT {IndexColumns} FROM state WHERE kind = @kind AND namespace = @namespace AND name = @name";

    private const string ListClaimsSql =
        $"SELECT {IndexColumns} FROM state WHERE claim = @claim ORDER BY createdAt, uid";

    public static StateRow? Find(SqliteSession session, StateKey key) => session.Query(
        FindSql,
        row => new StateRow(key, row.GetString(0), row.GetInt32(1), Index: null, row.GetString(2)),
        ("@grainId", key.GrainId),
        ("@stateName", key.StateName)).SingleOrDefault();

    /// <summary>False when the key is taken.</summary>
    public static bool Insert(SqliteSession session, StateRow row) => session.Execute(InsertSql, Values(row)) == 1;

    /// <summary>False when the row is gone, has another ETag or a higher schema version. Never inserts.</summary>
    public static bool Update(SqliteSession session, StateRow row, string expected) =>
        session.Execute(UpdateSql, [.. Values(row), ("@expected", expected)]) == 1;

    /// <summary>False when the row is gone, has another ETag or a higher schema version.</summary>
    public static bool Delete(SqliteSession session, StateKey key, string expected, int schemaVersion) =>
        session.Execute(
            DeleteSql,
            ("@grainId", key.GrainId),
            ("@stateName", key.StateName),
            ("@expected", expected),
            ("@schemaVersion", schemaVersion)) == 1;

    public static List<IndexRow> List(SqliteSession session, string kind) =>
        session.Query(ListSql, Index, ("@kind", kind));

    public static List<IndexRow> ListClaims(SqliteSession session, string claim) =>
        session.Query(ListClaimsSql, Index, ("@claim", claim));

    public static IndexRow? FindIndex(SqliteSession session, string kind, ResourceKey key) => session.Query(
        FindIndexSql,
        Index,
        ("@kind", kind),
        ("@namespace", key.Namespace),
        ("@name", key.Name)).FirstOrDefault();

    private static (string Name, object? Value)[] Values(StateRow row) =>
    [
        ("@grainId", row.Key.GrainId),
        ("@stateName", row.Key.StateName),
        ("@etag", row.ETag),
        ("@schemaVersion", row.SchemaVersion),
        ("@kind", row.Index?.Kind),
        ("@namespace", row.Index?.Namespace),
        ("@name", row.Index?.Name),
        ("@uid", row.Index?.Uid),
        ("@generation", row.Index?.Generation),
        ("@intent", row.Index?.Intent),
        ("@phase", row.Index?.Phase),
        ("@nextDue", row.Index?.NextDue is { } due ? SqliteTime.Text(due.UtcDateTime) : null),
        ("@revision", row.Index?.Revision),
        ("@claim", row.Index?.Claim),
        ("@summary", row.Index?.Summary),
        ("@createdAt", row.Index?.CreatedAt is { } created ? SqliteTime.Text(created.UtcDateTime) : null),
        ("@document", row.Document),
    ];

    private static IndexRow Index(SqliteDataReader row) => new(
        Kind: row.GetString(0),
        Namespace: row.GetString(1),
        Name: row.GetString(2),
        Uid: row.GetString(3),
        Generation: row.GetInt64(4),
        Intent: row.GetString(5),
        Phase: row.GetString(6),
        NextDue: row.IsDBNull(7) ? null : SqliteTime.Parse(row.GetString(7)),
        Revision: row.GetInt64(8),
        Claim: row.IsDBNull(9) ? null : row.GetString(9),
        Summary: row.IsDBNull(10) ? null : row.GetString(10),
        CreatedAt: row.IsDBNull(11) ? null : SqliteTime.Parse(row.GetString(11)));
}
