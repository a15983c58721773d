using System.Globalization;
using ClusterGrains.Hosting;
using ClusterGrains.Storage;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.MongoDouble;
using ClusterGrains.Tests.Processes;
using ClusterGrains.Tests.Storage;
using ClusterGrains.Transfer;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterGrains.Tests.Transfer;

/// <summary>What users expect of a move, whatever storage it is from and to.</summary>
public abstract class TransferContract : IDisposable
{
    private readonly TestFolder _folder = new();

    private protected abstract MovedStore Source { get; }

    private protected abstract MovedStore Target { get; }

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected string Export => Path.Combine(_folder.Path, "export.ndjson.gz");

    [Fact]
    public async Task Everything_is_there_afterwards_as_it_was()
    {
        await Source.Open();
        await Write("full", new SampleState
        {
            Name = "full",
            Revision = long.MaxValue,
            Claim = "uuid/full",
            Summary = """{"verdict":"Healthy","note":"it's <ok> \u00e4"}""",
            NextDue = new DateTimeOffset(2026, 11, 22, 18, 45, 0, TimeSpan.Zero).AddTicks(1234567),
            LateAt = new DateTimeOffset(2026, 11, 22, 18, 50, 0, TimeSpan.FromHours(2)),
            CreatedAt = new DateTimeOffset(2026, 11, 1, 2, 30, 0, TimeSpan.Zero),
            Silo = "10.0.0.1:11111@131",
            Padding = "Zeile 1\r\nстрока 2\u2028\0 \ud83d\ude00 \"quoted\" \\",
        });
        await Write("empty", new SampleState { Name = "empty" });
        await Source.Add(Row("newer", schemaVersion: 7, """{"what":"only a newer version knows"}"""));
        await Source.Add(Row("damaged", schemaVersion: 1, "{ this is no JSON"));
        await Source.Add(Row("plain", schemaVersion: 1, "1e400") with { Index = null });
        await Source.Reminders.UpsertRow(Reminder("full", TimeSpan.FromMinutes(5)), Cancellation);
        await Source.Reminders.UpsertRow(Reminder("nobody/we#know ä", TimeSpan.FromTicks(1)), Cancellation);
        var before = await Source.All();

        await Move();

        await Target.Open();
        var after = await Target.All();
        Assert.Equal(5, after.States.Count);
        Assert.Equal(before.States, after.States);
        Assert.Equal(2, after.Reminders.Count);
        Assert.Equal(before.Reminders, after.Reminders);
    }

    [Fact]
    public async Task A_grain_goes_on_with_the_ETag_that_it_had()
    {
        await Source.Open();
        var state = new GrainState<SampleState>(new SampleState { Name = "a", Revision = 1 }, null!);
        await Source.Storage.WriteStateAsync("state", Id("a"), state, Cancellation);

        await Move();

        await Target.Open();
        var moved = new GrainState<SampleState>();
        await Target.Storage.ReadStateAsync("state", Id("a"), moved, Cancellation);
        Assert.Equal((state.ETag, state.State), (moved.ETag, moved.State));
        moved.State = moved.State! with { Revision = 2 };
        await Target.Storage.WriteStateAsync("state", Id("a"), moved, Cancellation);
    }

    [Fact]
    public async Task Many_pages_and_batches_are_moved()
    {
        await Source.Open();
        await Fill(450);
        var before = await Source.All();

        await Move();

        await Target.Open();
        var after = await Target.All();
        Assert.Equal(450, after.States.Count);
        Assert.Equal(before.States, after.States);
        Assert.Equal(before.Reminders, after.Reminders);
    }

    [Fact]
    public async Task An_empty_storage_is_moved_too()
    {
        await Source.Open();

        await Move();

        await Target.Open();
        Assert.Empty((await Target.All()).States);
    }

    [Fact]
    public async Task A_storage_that_is_not_empty_is_refused_and_left_alone()
    {
        await Source.Open();
        await Fill(3);
        await Target.Open();
        await Target.Reminders.UpsertRow(Reminder("there", TimeSpan.FromMinutes(1)), Cancellation);
        var before = await Target.All();
        Source.Close();
        Target.Close();
        await Run(0, TransferHost.Export, Source);

        var refusal = await Run(1, TransferHost.Import, Target);

        Assert.Contains("is not empty: it has the reminder 'turn' of grain 'sample/default/there'. Import into an empty storage", refusal, StringComparison.Ordinal);
        await Target.Open();
        Assert.Equal(before.Reminders, (await Target.All()).Reminders);
        Assert.Empty((await Target.All()).States);
    }

    [Fact]
    public async Task A_storage_on_which_a_silo_works_is_neither_exported_nor_filled()
    {
        await Source.Open();
        await Fill(3);
        Source.Close();
        await using (await Source.Use())
        {
            Assert.Contains("is in use", await Run(1, TransferHost.Export, Source), StringComparison.Ordinal);
            Assert.False(File.Exists(Export));
        }

        await Run(0, TransferHost.Export, Source);
        await using (await Target.Use())
        {
            Assert.Contains("is in use", await Run(1, TransferHost.Import, Target), StringComparison.Ordinal);
        }

        await Run(0, TransferHost.Import, Target);
    }

    [Fact]
    public async Task An_import_that_was_killed_keeps_silos_out_until_the_same_import_finished_it()
    {
        await Source.Open();
        await Fill(250);
        var before = await Source.All();
        Source.Close();
        await Run(0, TransferHost.Export, Source);
        await using (var import = ChildProcess.Start(StallingImport.Verb, ["2", Export, .. Target.Settings]))
        {
            Assert.Equal("stalled", await import.ReadLine(Cancellation));
            await import.Kill(Cancellation);
        }

        var refusal = await Assert.ThrowsAsync<DependencyException>(Target.Open);
        Assert.Contains("an import", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("was not finished. Import the same file again", refusal.Message, StringComparison.Ordinal);
        Target.Close();
        var again = Path.ChangeExtension(Export, ".2");
        Assert.Contains("was not finished", await Run(1, TransferHost.Export, Target, again), StringComparison.Ordinal);
        Assert.False(File.Exists(again));

        await Run(0, TransferHost.Import, Target);

        await Target.Open();
        var after = await Target.All();
        Assert.Equal(before.States, after.States);
        Assert.Equal(before.Reminders, after.Reminders);
    }

    [Fact]
    public async Task An_import_that_another_one_began_is_not_mixed_with_it()
    {
        await FillAndExport(250);
        await using (var import = ChildProcess.Start(StallingImport.Verb, ["2", Export, .. Target.Settings]))
        {
            Assert.Equal("stalled", await import.ReadLine(Cancellation));
            await import.Kill(Cancellation);
        }

        File.Delete(Export);
        await Source.Open();
        await Write("0001", new SampleState { Name = "0001", Revision = 99 }, replace: true);
        Source.Close();
        await Run(0, TransferHost.Export, Source);

        var refusal = await Run(1, TransferHost.Import, Target);

        Assert.Contains("they are not the same. It stays marked as unfinished", refusal, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DependencyException>(Target.Open);
    }

    [Fact]
    public async Task What_is_there_already_is_left_as_it_is()
    {
        using (var host = TransferHost.BuildImport(Target.Settings))
        {
            var target = host.Services.GetRequiredService<IMoveTarget>();
            await target.Open(Cancellation);
            await target.Begin(Cancellation);
            await target.Add([Row("a", schemaVersion: 1, "1")], [Reminder("a", TimeSpan.FromMinutes(1))], Cancellation);

            await target.Add(
                [Row("a", schemaVersion: 1, "2"), Row("b", schemaVersion: 1, "2")],
                [Reminder("a", TimeSpan.FromMinutes(2)), Reminder("b", TimeSpan.FromMinutes(2))],
                Cancellation);
            await target.Finish(Cancellation);
        }

        await Target.Open();
        var (states, reminders) = await Target.All();
        Assert.Equal(["1", "2"], states.Select(row => row.Document));
        Assert.Equal([1, 2], reminders.Select(reminder => reminder.Item4.TotalMinutes));
    }

    public void Dispose()
    {
        Source.Dispose();
        Target.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task Move()
    {
        Source.Close();
        await Run(0, TransferHost.Export, Source);
        var said = await Run(0, TransferHost.Import, Target);
        Assert.Contains("They were read again and are the same.", said, StringComparison.Ordinal);
    }

    /// <summary>An import that waits after so many batches: see <see cref="StallingImport.After"/>.</summary>
    /// <returns>Its end, and what lets it go on.</returns>
    private protected async Task<(Task Import, TaskCompletionSource Thaw)> Freeze(int batches)
    {
        var (frozen, thaw) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var import = Task.Run(
            async () =>
            {
                using var host = TransferHost.BuildImport(Target.Settings, StallingImport.After(batches, async token =>
                {
                    frozen.TrySetResult();
                    await thaw.Task.WaitAsync(token);
                }));
                await host.Services.GetRequiredService<Importer>().Import(Export, Cancellation);
            },
            Cancellation);
        await await Task.WhenAny(frozen.Task, import);
        return (import, thaw);
    }

    /// <summary>The source has resources, and the file.</summary>
    private protected async Task FillAndExport(int count)
    {
        await Source.Open();
        await Fill(count);
        Source.Close();
        await Run(0, TransferHost.Export, Source);
    }

    /// <summary>Runs a command: what it says.</summary>
    private protected async Task<string> Run(int expected, string verb, MovedStore store, string? file = null)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var code = await TransferHost.Run([verb, file ?? Export, .. store.Settings], output, output, Cancellation);
        Assert.True(code == expected, output.ToString());
        return output.ToString();
    }

    private protected Task Fill(int count) => Parallel.ForAsync(0, count, Cancellation, async (number, _) =>
    {
        var name = number.ToString("0000", CultureInfo.InvariantCulture);
        await Write(name, new SampleState { Name = name, Revision = number, Padding = new string('x', number * 7) });
        await Source.Reminders.UpsertRow(Reminder(name, TimeSpan.FromSeconds(number + 1)), Cancellation);
    });

    private async Task Write(string name, SampleState value, bool replace = false)
    {
        var state = new GrainState<SampleState>();
        if (replace)
        {
            await Source.Storage.ReadStateAsync("state", Id(name), state, Cancellation);
        }

        state.State = value;
        await Source.Storage.WriteStateAsync("state", Id(name), state, Cancellation);
    }

    private protected static GrainId Id(string name) => GrainId.Create("sample", $"default/{name}");

    private static StateRow Row(string name, int schemaVersion, string document) => new(
        new StateKey($"sample/default/{name}", "state"), $"etag-{name}", schemaVersion, new SampleState { Name = name }.Index, document);

    private protected static ReminderEntry Reminder(string name, TimeSpan period) => new()
    {
        GrainId = Id(name),
        ReminderName = "turn",
        StartAt = new DateTime(2026, 11, 22, 18, 41, 34, DateTimeKind.Utc).AddTicks(1234567),
        Period = period,
    };
}

public sealed class SqliteToMongoTests(DoubledMongo server) : TransferContract, IClassFixture<DoubledMongo>
{
    private protected override MovedStore Source { get; } = new SqliteStore();

    private protected override MovedStore Target { get; } = new MongoStore(server);

    [Fact]
    public async Task An_import_that_was_frozen_while_it_was_run_again_changes_nothing_of_what_silos_did_since()
    {
        await FillAndExport(250);
        var (frozen, thaw) = await Freeze(batches: 2);
        await Run(0, TransferHost.Import, Target);
        await Target.Open();
        var (reminders, gone) = (Target.Reminders, Id("0249"));
        await reminders.UpsertRow(Reminder("0001", TimeSpan.FromHours(7)), Cancellation);
        Assert.True(await reminders.RemoveRow(gone, "turn", (await reminders.ReadRow(gone, "turn", Cancellation))!.ETag!, Cancellation));
        var state = new GrainState<SampleState>();
        await Target.Storage.ReadStateAsync("state", gone, state, Cancellation);
        await Target.Storage.ClearStateAsync("state", gone, state, Cancellation);
        var before = await Target.All();

        thaw.SetResult();

        var refusal = await Assert.ThrowsAsync<DependencyException>(() => frozen);
        Assert.Contains("was taken over by another import", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("after this one had begun. This one ends here and changes nothing any more", refusal.Message, StringComparison.Ordinal);
        var after = await Target.All();
        Assert.Equal(249, after.States.Count);
        Assert.Equal(before.States, after.States);
        Assert.Equal(before.Reminders, after.Reminders);
        using var silo = await ((MongoStore)Target).Test.Sibling().Open();
    }

    [Fact]
    public async Task An_import_that_was_frozen_before_it_began_finds_what_another_one_left_and_keeps_no_silo_out()
    {
        await FillAndExport(3);
        var (frozen, thaw) = await Freeze(batches: 0);
        await Run(0, TransferHost.Import, Target);

        thaw.SetResult();

        var refusal = await Assert.ThrowsAsync<TransferException>(() => frozen);
        Assert.Contains("is not empty", refusal.Message, StringComparison.Ordinal);
        await Target.Open();
    }

    [Fact]
    public async Task An_import_that_was_frozen_before_it_took_over_does_not_begin_what_another_one_has_finished()
    {
        await FillAndExport(250);
        var (first, thawFirst) = await Freeze(batches: 2);
        var (frozen, thaw) = await Freeze(batches: 0);
        await Run(0, TransferHost.Import, Target);

        thaw.SetResult();
        thawFirst.SetResult();

        await Assert.ThrowsAsync<DependencyException>(() => frozen);
        await Assert.ThrowsAsync<DependencyException>(() => first);
        await Target.Open();
    }
}

public sealed class MongoToSqliteTests(DoubledMongo server) : TransferContract, IClassFixture<DoubledMongo>
{
    private protected override MovedStore Source { get; } = new MongoStore(server);

    private protected override MovedStore Target { get; } = new SqliteStore();

    [Fact]
    public async Task While_an_import_is_frozen_it_keeps_the_file_and_goes_on_when_it_thaws()
    {
        await FillAndExport(250);
        var (frozen, thaw) = await Freeze(batches: 2);

        Assert.Contains("is in use by another process", await Run(1, TransferHost.Import, Target), StringComparison.Ordinal);
        Assert.Contains("is in use by another process", (await Assert.ThrowsAsync<DependencyException>(Target.Open)).Message, StringComparison.Ordinal);
        Target.Close();

        thaw.SetResult();
        await frozen;

        await Target.Open();
        Assert.Equal(250, (await Target.All()).States.Count);
    }
}
