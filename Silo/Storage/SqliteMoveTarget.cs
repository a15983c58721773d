namespace ClusterGrains.Storage;

/// <summary>A database file. The mark is its application id, which no version of a silo takes for its own.</summary>
internal sealed class SqliteMoveTarget(SqliteDatabase database) : IMoveTarget
{
    public string Place => database.Path;

    public Task<bool> Open(CancellationToken cancellationToken)
    {
        database.Open();
        return database.Read(SqliteSchema.IsUnfinished, cancellationToken);
    }

    public Task Begin(CancellationToken cancellationToken) => Mark(unfinished: true, cancellationToken);

    public Task Add(IReadOnlyCollection<StateRow> rows, CancellationToken cancellationToken) => Task.WhenAll(
        rows.Select(row => database.Write(session => SqliteStateTable.Insert(session, row), cancellationToken)));

    public Task Finish(CancellationToken cancellationToken) => Mark(unfinished: false, cancellationToken);

    private Task<bool> Mark(bool unfinished, CancellationToken cancellationToken) =>
        database.Write(session => SqliteSchema.Mark(session, unfinished), cancellationToken);
}
