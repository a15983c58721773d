using System.Globalization;
using ClusterGrains.Tests.Processes;

namespace ClusterGrains.Tests.Storage;

/// <summary>A process that writes and is killed with SIGKILL, again and again, on one file.</summary>
public sealed class KilledSiloTests : IDisposable
{
    private const int Grains = 8;
    private const int Kills = 8;

    private readonly TestDatabase _test = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_process_loses_nothing_acknowledged_and_tears_nothing()
    {
        var random = new Random(20261122);
        var acknowledged = new long[Grains];

        for (var kill = 0; kill < Kills; kill++)
        {
            await WriteAndKill(after: random.Next(1, 400), acknowledged);

            _test.Reopen();
            await Check(acknowledged);
            _test.Database.Close();
        }
    }

    [Fact]
    public async Task A_second_process_is_refused_until_the_first_is_gone()
    {
        await using var child = ChildProcess.Start("write-storage", _test.Path);
        Assert.NotNull(await child.ReadLine(Cancellation));

        Assert.Throws<DependencyException>(() => _test.New().Open());

        await child.Kill(Cancellation);
        _test.Reopen();
    }

    public void Dispose() => _test.Dispose();

    /// <summary>The child: each grain writes its next revision and its reminder, then prints the revision.</summary>
    internal static async Task<int> Write(string[] args, CancellationToken cancellationToken)
    {
        using var test = new TestDatabase(args[0]).Open();
        var grains = Enumerable.Range(0, Grains).Select(async grain =>
        {
            var state = new GrainState<SampleState>();
            await test.Storage.ReadStateAsync("state", Id(grain), state, cancellationToken);
            while (!cancellationToken.IsCancellationRequested)
            {
                state.State = At(grain, state.State!.Revision + 1);
                await test.Storage.WriteStateAsync("state", Id(grain), state, CancellationToken.None);
                await test.Reminders.UpsertRow(Reminder(grain, state.State.Revision), CancellationToken.None);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{grain} {state.State.Revision}"));
            }
        });
        await Task.WhenAll(grains);
        return 0;
    }

    private async Task WriteAndKill(int after, long[] acknowledged)
    {
        await using var child = ChildProcess.Start("write-storage", _test.Path);
        for (var line = 0; line < after; line++)
        {
            Note(await child.ReadLine(Cancellation) ?? throw new InvalidOperationException("The child ended."));
        }

        await child.Kill(Cancellation);
        while (await child.ReadLine(Cancellation) is { } line)
        {
            Note(line);
        }

        void Note(string line)
        {
            var parts = line.Split(' ');
            acknowledged[int.Parse(parts[0], CultureInfo.InvariantCulture)] =
                long.Parse(parts[1], CultureInfo.InvariantCulture);
        }
    }

    private async Task Check(long[] acknowledged)
    {
        Assert.Equal("ok", _test.Scalar("PRAGMA integrity_check"));
        for (var grain = 0; grain < Grains; grain++)
        {
            var state = new GrainState<SampleState>();
            await _test.Storage.ReadStateAsync("state", Id(grain), state, Cancellation);
            Assert.InRange(state.State!.Revision, acknowledged[grain], acknowledged[grain] + 1);
            Assert.Equal(state.RecordExists ? At(grain, state.State.Revision) : new SampleState(), state.State);
            Assert.Equal(
                state.RecordExists ? state.State.Index : null,
                await _test.Index.Find("Sample", new("default", Name(grain)), Cancellation));

            var reminder = await _test.Reminders.ReadRow(Id(grain), "turn", Cancellation);
            Assert.InRange(reminder?.Period.Ticks ?? 0, acknowledged[grain], state.State.Revision);
        }
    }

    private static string Name(int grain) => $"grain-{grain}";

    private static GrainId Id(int grain) => GrainId.Create("sample", Name(grain));

    /// <summary>All of a state follows from its revision, so a mixture of two revisions would show.</summary>
    private static SampleState At(int grain, long revision) => new()
    {
        Name = Name(grain),
        Revision = revision,
        Summary = $"{{\"revision\":{revision}}}",
        Padding = new string((char)('a' + (revision % 26)), (int)(500 + (revision * 7919 % 9000))),
    };

    private static ReminderEntry Reminder(int grain, long revision) => new()
    {
        GrainId = Id(grain),
        ReminderName = "turn",
        StartAt = DateTime.UnixEpoch,
        Period = TimeSpan.FromTicks(revision),
    };
}
