namespace ClusterGrains.Tests.Storage;

public sealed class SqliteReminderTableTests : ReminderTableContract, IDisposable
{
    private readonly TestDatabase _test = new TestDatabase().Open();
    private readonly TestDatabase _other = new TestDatabase().Open();

    private protected override IReminderTable Table => _test.Reminders;

    public void Dispose()
    {
        _test.Dispose();
        _other.Dispose();
    }

    private protected override Task Spoil(string grainId, string name, string column, object value) =>
        _test.Spoil("reminder", grainId, column, value);

    private protected override IReminderTable OtherTable() => _other.Reminders;
}
