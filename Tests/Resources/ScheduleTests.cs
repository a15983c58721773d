using ClusterGrains.Resources;
using CsCheck;

namespace ClusterGrains.Tests.Resources;

public sealed class ScheduleTests
{
    private static readonly Gen<(Schedule Schedule, string Uid, DateTimeOffset Now)> Cases = Gen.Select(
        Gen.Int[1, 86_400], Gen.Guid, Gen.Long[0, 4_000_000_000]).Select((seconds, uid, now) => (
            new Schedule(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), Suspended: false),
            uid.ToString(),
            DateTimeOffset.FromUnixTimeSeconds(now)));

    [Fact]
    public void Every_moment_lies_in_exactly_one_slot_and_slots_follow_without_holes() => Cases.Sample(it =>
    {
        var slot = it.Schedule.Slot(it.Uid, it.Now);
        var next = it.Schedule.NextSlot(it.Uid, it.Now);

        Assert.True(slot <= it.Now && it.Now < next);
        Assert.Equal(next, it.Schedule.Slot(it.Uid, next));
        Assert.Equal(slot, it.Schedule.Slot(it.Uid, next - TimeSpan.FromTicks(1)));
    });

    [Fact]
    public void A_fleet_does_not_run_in_step()
    {
        var schedule = new Schedule(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), Suspended: false);
        var now = new DateTimeOffset(2026, 1, 2, 3, 0, 0, TimeSpan.Zero);

        var starts = Enumerable.Range(0, 300).Select(number => (schedule.NextSlot($"uid-{number}", now) - now).TotalSeconds);

        Assert.All(starts.GroupBy(second => (int)second / 30), tenth => Assert.InRange(tenth.Count(), 10, 60));
    }
}
