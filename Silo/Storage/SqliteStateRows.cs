namespace ClusterGrains.Storage;

/// <summary>The whole <c>state</c> table.</summary>
internal sealed class SqliteStateRows(SqliteDatabase database) : IStateRows
{
    public async Task<IReadOnlyList<StateRow>> Page(StateKey? after, int limit, CancellationToken cancellationToken) =>
        await database.Read(session => SqliteStateTable.Page(session, after, limit), cancellationToken);
}
