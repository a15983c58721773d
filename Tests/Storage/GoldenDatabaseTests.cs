namespace ClusterGrains.Tests.Storage;

/// <summary>What any released version stored stays readable.</summary>
public sealed class GoldenDatabaseTests
{
    private const string Family = "sample";

    private static readonly SampleState Full = new()
    {
        Name = "orders",
        Revision = 42,
        Claim = "alias orders",
        Summary = """{"verdict":"Healthy","note":"it's ok"}""",
        NextDue = new DateTimeOffset(2026, 11, 22, 18, 45, 0, TimeSpan.Zero).AddTicks(1234567),
        Padding = "Zeile 1\nстрока 2 \ud83d\ude00",
    };

    private static readonly SampleState Empty = new();

    /// <summary>With what layout 2 added.</summary>
    private static readonly SampleState Dated = new()
    {
        Name = "dated",
        Claim = "uuid/orders",
        CreatedAt = new DateTimeOffset(2026, 11, 1, 2, 30, 0, TimeSpan.FromHours(2)),
    };

    /// <summary>With what layout 3 added.</summary>
    private static readonly SampleState Watched = new()
    {
        Name = "watched",
        NextDue = new DateTimeOffset(2026, 11, 22, 18, 45, 0, TimeSpan.Zero),
        LateAt = new DateTimeOffset(2026, 11, 22, 18, 50, 0, TimeSpan.Zero),
        Silo = "10.0.0.1:11111@131",
    };

    private static readonly PlainState Plain = new() { Value = -1, Text = "plain" };

    private static readonly ReminderEntry Reminder = new()
    {
        GrainId = GrainId.Create("sample", "default/orders"),
        ReminderName = "turn",
        StartAt = new DateTime(2026, 11, 22, 18, 41, 34, DateTimeKind.Utc).AddTicks(1234567),
        Period = TimeSpan.FromMinutes(5),
    };

    public static TheoryData<string> All => [.. GoldenDatabase.Names(Family)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_golden_database_is_read(string name)
    {
        using var test = GoldenDatabase.Open(name);

        Assert.Equal(Full, await Read<SampleState>(test, "state", "default/orders"));
        Assert.Equal(Empty, await Read<SampleState>(test, "state", "default/empty"));
        Assert.Equal(Plain, await Read<PlainState>(test, "plain", "default/orders"));
        SampleState[] dated = Added(name, layout: 2, Dated);
        SampleState[] watched = Added(name, layout: 3, Watched);
        Assert.Equal(
            [Empty.Index, .. dated.Select(state => state.Index), Late(Full, name).Index, .. watched.Select(state => state.Index)],
            await test.Index.List("Sample", Cancellation));
        Assert.Equal(watched.Select(state => state.Index), await test.Index.ListWrittenBy(Watched.Silo!, Cancellation));
        Assert.Equal(dated.Select(state => state.Index), await test.Index.ListClaims("uuid/orders", Cancellation));
        Assert.Equal([Late(Full, name).Index], await test.Index.ListClaims("alias orders", Cancellation));
        var reminder = Assert.Single((await test.Reminders.ReadRows(0, 0, Cancellation)).Reminders);
        Assert.Equal(Reminder.ToString(), reminder.ToString());
        Assert.Equal(Reminder.StartAt, reminder.StartAt);
        Assert.Equal(Reminder.Period, reminder.Period);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_golden_database_can_be_written_on(string name)
    {
        using var test = GoldenDatabase.Open(name);
        var state = new GrainState<SampleState>();
        await test.Storage.ReadStateAsync("state", Id("default/orders"), state, Cancellation);
        var reminder = await test.Reminders.ReadRow(Reminder.GrainId, Reminder.ReminderName, Cancellation);

        state.State = Full with { Revision = 43 };
        await test.Storage.WriteStateAsync("state", Id("default/orders"), state, Cancellation);

        Assert.Equal(43, (await test.Index.Find("Sample", new("default", "orders"), Cancellation))!.Revision);
        Assert.True(
            await test.Reminders.RemoveRow(Reminder.GrainId, Reminder.ReminderName, reminder!.ETag!, Cancellation));
    }

    [Fact]
    public async Task The_newest_golden_database_is_what_is_written_today()
    {
        using var test = new TestDatabase().Open();
        await Write(test, "state", "default/orders", Full);
        await Write(test, "state", "default/empty", Empty);
        await Write(test, "state", "default/dated", Dated);
        await Write(test, "state", "default/watched", Watched);
        await Write(test, "plain", "default/orders", Plain);
        await test.Reminders.UpsertRow(Reminder, Cancellation);

        GoldenDatabase.AssertNewest(Family, test);
    }

    /// <summary>What was added with a layout, as far as the golden file has it.</summary>
    private static SampleState[] Added(string name, int layout, SampleState state) =>
        string.CompareOrdinal(name, $"{Family}-{layout}.sql") < 0 ? [] : [state];

    /// <summary>Before lateness was kept, whatever was due is late at once: better one question too many.</summary>
    private static SampleState Late(SampleState state, string name) =>
        Added(name, layout: 3, state) is [] ? state with { LateAt = state.NextDue } : state;

    private static GrainId Id(string key) => GrainId.Create("sample", key);

    private static async Task<T> Read<T>(TestDatabase test, string stateName, string key)
    {
        var state = new GrainState<T>();
        await test.Storage.ReadStateAsync(stateName, Id(key), state, Cancellation);
        Assert.True(state.RecordExists);
        return state.State!;
    }

    private static Task Write<T>(TestDatabase test, string stateName, string key, T value) =>
        test.Storage.WriteStateAsync(stateName, Id(key), new GrainState<T>(value), Cancellation);
}
