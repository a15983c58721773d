using ClusterGrains.Resources;
using Microsoft.Data.Sqlite;

namespace ClusterGrains.Storage;

/// <summary>
/// The <c>state</c> table. Every write is one statement: a document never parts from its index columns.
/// </summary>
internal static class SqliteStateTable
{
    private const string WrittenColumns =
        "kind, namespace, name, uid, generation, intent, phase, nextDue, revision, claim, summary, createdAt, lateAt, silo";

    /// <summary>What <see cref="Index"/> reads.</summary>
    public const string IndexColumns = $"grainId, {WrittenColumns}";

    private const string IsKey = "grainId = @grainId AND stateName = @stateName";

    /// <summary>An older version of this code never replaces what a newer one wrote.</summary>
    private const string IsExpected = $"{IsKey} AND etag = @expected AND schemaVersion <= @schemaVersion";

    private const string FindSql = $"SELECT stateName, etag, schemaVersion, document, {IndexColumns} FROM state WHERE {IsKey}";

    private const string InsertSql =
        $"""
        INSERT INTO state (grainId, stateName, etag, schemaVersion, {WrittenColumns}, document)
        VALUES (
          @grainId, @stateName, @etag, @schemaVersion, @kind, @namespace, @name, @uid, @generation, @intent, @phase,
          @nextDue, @revision, @claim, @summary, @createdAt, @lateAt, @silo, @document)
        ON CONFLICT DO NOTHING
        """;

    private const string UpdateSql =
        $"""
        UPDATE state SET
          etag = @etag, schemaVersion = @schemaVersion, kind = @kind, namespace = @namespace, name = @name, uid = @uid,
          generation = @generation, intent = @intent, phase = @phase, nextDue = @nextDue, revision = @revision,
          claim = @claim, summary = @summary, createdAt = @createdAt, lateAt = @lateAt, silo = @silo, document = @document
        WHERE {IsExpected}
        """;

    private const string DeleteSql = $"DELETE FROM state WHERE {IsExpected}";

    private const string ListSql =
        $"SELECT {IndexColumns} FROM state WHERE kind = @kind ORDER BY namespace, name";

    private const string FindIndexSql =
        $"SELECT {IndexColumns} FROM state WHERE kind = @kind AND namespace = @namespace AND name = @name";

    private const string ListClaimsSql =
        $"SELECT {IndexColumns} FROM state WHERE claim = @claim ORDER BY createdAt, uid";

    private const string ListLateSql =
        $"SELECT {IndexColumns} FROM state WHERE lateAt <= @now ORDER BY lateAt, grainId LIMIT @limit";

    private const string ListWrittenBySql =
        $"SELECT {IndexColumns} FROM state WHERE silo = @silo ORDER BY grainId";

    private const string PageSql =
        $"""
        SELECT stateName, etag, schemaVersion, document, {IndexColumns} FROM state
        WHERE (grainId, stateName) > (@grainId, @stateName) ORDER BY grainId, stateName LIMIT @limit
        """;

    public static StateRow? Find(SqliteSession session, StateKey key) => session.Query(
        FindSql,
        State,
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

    public static List<IndexRow> ListLate(SqliteSession session, DateTimeOffset now, int limit) =>
        session.Query(ListLateSql, Index, ("@now", StoredTime.Text(now)), ("@limit", limit));

    public static List<IndexRow> ListWrittenBy(SqliteSession session, string silo) =>
        session.Query(ListWrittenBySql, Index, ("@silo", silo));

    public static List<StateRow> Page(SqliteSession session, StateKey? after, int limit) => session.Query(
        PageSql,
        State,
        ("@grainId", after?.GrainId ?? ""),
        ("@stateName", after?.StateName ?? ""),
        ("@limit", limit));

    public static IndexRow? FindIndex(SqliteSession session, string kind, ResourceKey key) => session.Query(
        FindIndexSql,
        Index,
        ("@kind", kind),
        ("@namespace", key.Namespace),
        ("@name", key.Name)).FirstOrDefault();

    /// <summary>The row of a query for <see cref="IndexColumns"/>.</summary>
    public static IndexRow Index(SqliteDataReader row) =>
        StoredColumns.Index(row.GetString(row.GetOrdinal("grainId")), Columns(row));

    /// <summary>For <see cref="StoredColumns"/>.</summary>
    public static Func<string, object?> Columns(SqliteDataReader row) =>
        name => row.GetOrdinal(name) is var column && row.IsDBNull(column) ? null : row.GetValue(column);

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
        ("@nextDue", StoredTime.Text(row.Index?.NextDue)),
        ("@revision", row.Index?.Revision),
        ("@claim", row.Index?.Claim),
        ("@summary", row.Index?.Summary),
        ("@createdAt", StoredTime.Text(row.Index?.CreatedAt)),
        ("@lateAt", StoredTime.Text(row.Index?.LateAt)),
        ("@silo", row.Index?.Silo),
        ("@document", row.Document),
    ];

    private static StateRow State(SqliteDataReader row) => StoredColumns.State(
        new StateKey(row.GetString(row.GetOrdinal("grainId")), row.GetString(row.GetOrdinal("stateName"))), Columns(row));
}
