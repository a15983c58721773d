using Microsoft.Data.Sqlite;

namespace ClusterGrains.Storage;

/// <summary>
/// Reminders in the <c>reminder</c> table. The last upsert wins, as in every Orleans provider; removal is guarded by
/// the ETag. The file is the scope: it belongs to one service.
/// </summary>
internal sealed class SqliteReminderTable(SqliteDatabase database) : IReminderTable
{
    private const string Columns = "grainId, name, etag, startAt, periodTicks";
    private const string IsKey = "grainId = @grainId AND name = @name";

    private const string OfGrainSql = $"SELECT {Columns} FROM reminder WHERE grainId = @grainId";
    private const string FindSql = $"SELECT {Columns} FROM reminder WHERE {IsKey}";

    private const string BetweenSql =
        $"SELECT {Columns} FROM reminder WHERE grainHash > @begin AND grainHash <= @end";

    private const string AroundSql =
        $"SELECT {Columns} FROM reminder WHERE grainHash > @begin OR grainHash <= @end";

    private const string InsertSql =
        """
        INSERT INTO reminder (grainId, name, etag, grainHash, startAt, periodTicks)
        VALUES (@grainId, @name, @etag, @grainHash, @startAt, @periodTicks)
        ON CONFLICT DO
        """;

    private const string UpsertSql = $"{InsertSql} UPDATE SET etag = excluded.etag, startAt = excluded.startAt, periodTicks = excluded.periodTicks";

    private const string RemoveSql = $"DELETE FROM reminder WHERE {IsKey} AND etag = @etag";

    /// <summary>False when the key is taken.</summary>
    public static bool Insert(SqliteSession session, ReminderEntry entry) =>
        session.Execute($"{InsertSql} NOTHING", Values(entry, NewETag())) == 1;

    /// <summary>The database was opened by <see cref="StorageLifetime"/>; there is nothing left to start.</summary>
    public Task StartAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<ReminderTableData> ReadRows(GrainId grainId) => ReadRows(grainId, CancellationToken.None);

    public async Task<ReminderTableData> ReadRows(GrainId grainId, CancellationToken cancellationToken) =>
        new(await database.Read(
            session => Entries(session.Query(OfGrainSql, Entry, ("@grainId", grainId.ToString()))), cancellationToken));

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => ReadRows(begin, end, CancellationToken.None);

    /// <summary>Hashes in (begin, end]; around the end of the ring when begin ≥ end, so (0, 0] is all.</summary>
    public async Task<ReminderTableData> ReadRows(uint begin, uint end, CancellationToken cancellationToken)
    {
        var sql = begin < end ? BetweenSql : AroundSql;
        return new(await database.Read(
            session => Entries(session.Query(sql, Entry, ("@begin", begin), ("@end", end))), cancellationToken));
    }

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) =>
        ReadRow(grainId, reminderName, CancellationToken.None);

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName, CancellationToken cancellationToken) =>
        database.Read(
            session => session
                .Query(FindSql, Entry, ("@grainId", grainId.ToString()), ("@name", reminderName))
                .SingleOrDefault(),
            cancellationToken);

    public Task<string?> UpsertRow(ReminderEntry entry) => UpsertRow(entry, CancellationToken.None);

    public async Task<string?> UpsertRow(ReminderEntry entry, CancellationToken cancellationToken)
    {
        var etag = NewETag();
        var values = Values(entry, etag);
        await database.Write(session => session.Execute(UpsertSql, values), cancellationToken);
        return etag;
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) =>
        RemoveRow(grainId, reminderName, eTag, CancellationToken.None);

    public Task<bool> RemoveRow(
        GrainId grainId, string reminderName, string eTag, CancellationToken cancellationToken) =>
        database.Write(
            session => session.Execute(
                RemoveSql, ("@grainId", grainId.ToString()), ("@name", reminderName), ("@etag", eTag)) == 1,
            cancellationToken);

    public Task TestOnlyClearTable() => TestOnlyClearTable(CancellationToken.None);

    public Task TestOnlyClearTable(CancellationToken cancellationToken) =>
        database.Write(session => session.Execute("DELETE FROM reminder"), cancellationToken);

    private static string NewETag() => Guid.NewGuid().ToString("N");

    private static (string, object?)[] Values(ReminderEntry entry, string etag) =>
    [
        ("@grainId", entry.GrainId.ToString()),
        ("@name", entry.ReminderName),
        ("@etag", etag),
        ("@grainHash", entry.GrainId.GetUniformHashCode()),
        ("@startAt", StoredTime.Text(entry.StartAt)),
        ("@periodTicks", entry.Period.Ticks),
    ];

    private static List<ReminderEntry> Entries(List<ReminderEntry?> read) => [.. read.OfType<ReminderEntry>()];

    private ReminderEntry? Entry(SqliteDataReader row) => database.DamagedReminders.Read(
        row.GetString(0), row.GetString(1), SqliteStateTable.Columns(row));
}
