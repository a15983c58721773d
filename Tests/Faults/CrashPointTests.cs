using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Faults;

public sealed class CrashPointTests
{
    public static TheoryData<string> Points =>
    [
        .. CrashPoint.Around(
        [
            CrashPoint.Adopting, CrashPoint.Opening, CrashPoint.Closing, CrashPoint.Interrupting, CrashPoint.Retiring, CrashPoint.Retired,
            CrashPoint.Putting(RecordKind.Check), CrashPoint.Putting(RecordKind.Transition), CrashPoint.Putting(RecordKind.Tombstone),
            CrashPoint.Status,
        ]),
    ];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_process_that_dies_at_any_point_leaves_a_history_that_its_successor_completes(string point)
    {
        await using var world = await FaultWorld.Start(Cancellation);
        var died = 0;
        world.Create("logs");
        if (point.EndsWith(CrashPoint.Interrupting, StringComparison.Ordinal))
        {
            await DieInTheMiddleOfARun(world);
        }

        world.StartSilo(point);
        await Follow(() => Checks(world) >= 1);
        await world.Edit("logs");
        await Follow(() => Checks(world) >= 3);
        await world.Delete("logs");
        await Follow(() => world.Records().Any(record => record.Record is RecordKind.Tombstone));
        await Follow(() => died > 0);
        await world.KillSilo(Cancellation);

        Assert.Equal(1, died);
        await world.AssertInvariants();

        async Task Follow(Func<bool> holds)
        {
            while (!await world.Until(holds, Cancellation))
            {
                Assert.Equal(1, ++died);
                world.StartSilo();
            }
        }
    }

    private static async Task DieInTheMiddleOfARun(FaultWorld world)
    {
        using (world.HoldAnswers())
        {
            world.StartSilo();
            Assert.True(await world.Until(() => world.Opened.Count > 0, Cancellation));
            await world.KillSilo(Cancellation);
        }
    }

    private static int Checks(FaultWorld world) => world.Records().Count(
        record => record is { Record: RecordKind.Check, Outcome: RunOutcome.Completed });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
