using Orleans.Serialization.Serializers;

namespace ClusterGrains.Storage;

/// <summary>Grain state in the <c>state</c> table.</summary>
internal sealed class SqliteGrainStorage(
    SqliteDatabase database, StateSerializer serializer, IActivatorProvider activators)
    : GrainStateStorage(serializer, activators)
{
    protected override Task<StateRow?> Find(StateKey key, CancellationToken cancellationToken) =>
        database.Read(session => SqliteStateTable.Find(session, key), cancellationToken);

    protected override Task Store(StateRow row, string? expected, CancellationToken cancellationToken) =>
        database.Write(session => Store(session, row, expected), cancellationToken);

    protected override Task Delete(StateKey key, int known, string? expected, CancellationToken cancellationToken) =>
        database.Write(session => Delete(session, key, known, expected), cancellationToken);

    private static bool Store(SqliteSession session, StateRow row, string? expected)
    {
        var stored = expected is null
            ? SqliteStateTable.Insert(session, row)
            : SqliteStateTable.Update(session, row, expected);
        return stored
            ? true
            : throw Refusal(SqliteStateTable.Find(session, row.Key), row.Key, row.SchemaVersion, expected);
    }

    private static bool Delete(SqliteSession session, StateKey key, int known, string? expected)
    {
        if (expected is not null && SqliteStateTable.Delete(session, key, expected, known))
        {
            return true;
        }

        var found = SqliteStateTable.Find(session, key);
        return found is null && expected is null ? true : throw Refusal(found, key, known, expected);
    }
}
