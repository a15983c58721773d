using System.Net;
using ClusterGrains.Tests.MongoDouble;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Driver;

namespace ClusterGrains.Tests.Storage;

/// <summary>
/// What any released version stored in MongoDB stays readable. A golden file is never edited; a change of layout or
/// document adds another.
/// </summary>
public abstract class MongoGoldenTests(MongoServer server)
{
    private const string Service = "golden";

    private static readonly string[] Collections = ["layout", "membership", "reminder", "state"];

    private static readonly SampleState Sample = new()
    {
        Name = "orders",
        Revision = long.MaxValue,
        Claim = "uuid/orders",
        Summary = """{"verdict":"Healthy"}""",
        NextDue = new DateTimeOffset(2026, 11, 22, 18, 45, 0, TimeSpan.Zero).AddTicks(1234567),
        LateAt = new DateTimeOffset(2026, 11, 22, 18, 50, 0, TimeSpan.FromHours(2)),
        CreatedAt = new DateTimeOffset(2026, 11, 1, 2, 30, 0, TimeSpan.Zero),
        Silo = "10.0.0.1:11111@131",
        Padding = "Zeile 1\nстрока 2",
    };

    private static readonly SampleState Empty = new();

    private static readonly ReminderEntry Reminder = new()
    {
        GrainId = GrainId.Create("sample", "default/orders"),
        ReminderName = "turn",
        StartAt = new DateTime(2026, 11, 22, 18, 41, 34, DateTimeKind.Utc).AddTicks(1234567),
        Period = TimeSpan.FromMinutes(5),
    };

    private static readonly MembershipEntry Silo = new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Parse("fd00::1"), 11_111, 131),
        Status = SiloStatus.Dead,
        SiloName = "silo-0",
        HostName = "node-0",
        ProxyPort = 30_000,
        StartTime = new DateTime(2026, 11, 22, 18, 41, 34, DateTimeKind.Utc),
        IAmAliveTime = new DateTime(2026, 11, 22, 18, 42, 34, DateTimeKind.Utc).AddTicks(1),
        SuspectTimes =
        [
            Tuple.Create(SiloAddress.New(IPAddress.Parse("10.0.0.2"), 11_111, 7), new DateTime(2026, 11, 22, 18, 43, 0, DateTimeKind.Utc)),
        ],
    };

    public static TheoryData<string> All => [.. Names()];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Storage", "Golden");

    [Theory]
    [MemberData(nameof(All))]
    public async Task Every_golden_database_is_read(string name)
    {
        var database = server.NewDatabase();
        foreach (var rows in BsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, name), Cancellation)))
        {
            await server.Client.GetDatabase(database).GetCollection<BsonDocument>(rows.Name)
                .InsertManyAsync(rows.Value.AsBsonArray.Select(document => document.AsBsonDocument), cancellationToken: Cancellation);
        }

        using var test = await new TestMongo(server.ConnectionString, database, Service).Open();

        var state = new GrainState<SampleState>();
        await test.Storage.ReadStateAsync("state", Reminder.GrainId, state, Cancellation);
        Assert.Equal(Sample, state.State);
        Assert.Equal([Empty.Index, Sample.Index], await test.Index.List("Sample", Cancellation));
        var reminder = Assert.Single((await test.Reminders.ReadRows(0, 0, Cancellation)).Reminders);
        Assert.Equal((Reminder.GrainId, Reminder.StartAt, Reminder.Period), (reminder.GrainId, reminder.StartAt, reminder.Period));
        var table = await test.Membership.ReadAllAsync(Cancellation);
        Assert.Equal(Silo.ToFullString(), Assert.Single(table.Members).Item1.ToFullString());
        state.State = Sample with { Revision = 1 };
        await test.Storage.WriteStateAsync("state", Reminder.GrainId, state, Cancellation);
        Assert.True(await test.Membership.UpdateRowAsync(Silo, table.Members[0].Item2, table.Version.Next(), Cancellation));
        Assert.True(await test.Reminders.RemoveRow(Reminder.GrainId, "turn", reminder.ETag!, Cancellation));
    }

    [Fact]
    public async Task The_newest_golden_database_is_what_is_written_today()
    {
        using var test = await new TestMongo(server.ConnectionString, server.NewDatabase(), Service).Open();
        await test.Storage.WriteStateAsync("state", Reminder.GrainId, new GrainState<SampleState>(Sample, null!), Cancellation);
        await test.Storage.WriteStateAsync("state", GrainId.Create("sample", "default/empty"), new GrainState<SampleState>(Empty, null!), Cancellation);
        await test.Reminders.UpsertRow(Reminder, Cancellation);
        Assert.True(await test.Membership.InsertRowAsync(Silo, (await test.Membership.ReadAllAsync(Cancellation)).Version.Next(), Cancellation));

        var newest = Path.Combine(Folder, Names().LastOrDefault("mongo-1.json"));
        var (expected, actual) = (File.Exists(newest) ? await File.ReadAllTextAsync(newest, Cancellation) : "", await Dump(test));
        if (expected != actual)
        {
            await File.WriteAllTextAsync(newest + ".actual", actual, Cancellation);
            Assert.Fail($"Today's documents differ from the newest golden ones. Compare {newest} with {newest}.actual.");
        }
    }

    private static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Folder, "mongo-*.json").Select(Path.GetFileName).Order(StringComparer.Ordinal)!;

    private async Task<string> Dump(TestMongo test)
    {
        var dump = new BsonDocument();
        foreach (var collection in Collections)
        {
            var documents = await server.Client.GetDatabase(test.Name).GetCollection<BsonDocument>(collection)
                .Find(new BsonDocument()).Sort(new BsonDocument("_id", 1)).ToListAsync(Cancellation);
            var etag = 0;
            documents.ForEach(document => Number(document, ref etag));
            dump.Add(collection, new BsonArray(documents));
        }

        return dump.ToJson(new JsonWriterSettings { OutputMode = JsonOutputMode.CanonicalExtendedJson, Indent = true, NewLineChars = "\n" }) + "\n";
    }

    /// <summary>ETags are random by nature.</summary>
    private static void Number(BsonDocument document, ref int etag)
    {
        foreach (var element in document.ToArray())
        {
            if (element.Name == "etag")
            {
                document[element.Name] = $"etag-{++etag}";
            }
            else if (element.Value is BsonDocument nested)
            {
                Number(nested, ref etag);
            }
        }
    }
}
