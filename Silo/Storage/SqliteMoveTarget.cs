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

    public Task Add(
        IReadOnlyCollection<StateRow> states, IReadOnlyCollection<ReminderEntry> reminders, CancellationToken cancellationToken) => Task.WhenAll(
        states.Select(row => database.Write(session => SqliteStateTable.Insert(session, row), cancellationToken))
            .Concat(reminders.Select(entry => database.Write(session => SqliteReminderTable.Insert(session, entry), cancellationToken))));

    /// <summary>Who has the file keeps its lock, frozen or not.</summary>
    public Task Confirm(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task Finish(CancellationToken cancellationToken) => Mark(unfinished: false, cancellationToken);

    private Task<bool> Mark(bool unfinished, CancellationToken cancellationToken) =>
        database.Write(session => SqliteSchema.Mark(session, unfinished), cancellationToken);
}
