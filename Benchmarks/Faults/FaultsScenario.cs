using System.Globalization;
using ClusterGrains.Tests.Faults.Scenarios;

namespace ClusterGrains.Benchmarks.Faults;

/// <summary>
/// Plays a scenario with a fleet of silo processes, and prints by how much the longest time without a completed check exceeded the
/// interval around each fault. The times are those of the history's records.
/// </summary>
internal sealed class FaultsScenario(FaultsPlan plan)
{
    /// <summary>A status that only says when is written seldom, as in production.</summary>
    private static readonly TimeSpan StatusRefresh = TimeSpan.FromSeconds(30);

    public async Task<int> Run(CancellationToken cancellationToken)
    {
        var isSoak = plan.Scenario == FaultsPlan.Soak;
        await using var world = await FleetWorld.Start(
            new FleetOptions
            {
                Several = plan.Silos > 1 && plan.Scenario != FaultsPlan.Move,
                DiskMebibytes = isSoak && SmallDisk.CanMount() ? 1024 : 0,
                StatusRefresh = isSoak ? TimeSpan.FromSeconds(1) : StatusRefresh,
                Tell = Console.WriteLine,
            },
            cancellationToken);
        var run = new ScenarioRun(world, Console.WriteLine) { Strict = isSoak };
        try
        {
            await (isSoak
                ? new Soak(world, run, plan.Seed, plan.Silos).Run(plan.Duration, plan.Clusters, plan.Datasets, cancellationToken)
                : run.Play(await Text(cancellationToken), cancellationToken));
            return 0;
        }
        catch (ScenarioException failure)
        {
            await Console.Error.WriteLineAsync($"{failure.Message}\n\nThe script so far{(isSoak ? $" (--seed {plan.Seed})" : "")}:\n{run.Script}");
            return 1;
        }
        finally
        {
            await Print(world, run);
        }
    }

    private async Task<string> Text(CancellationToken cancellationToken) => plan.Scenario switch
    {
        FaultsPlan.Usual => plan.Failover,
        FaultsPlan.Move => plan.Moved,
        _ => await File.ReadAllTextAsync(plan.Scenario, cancellationToken),
    };

    private static async Task Print(FleetWorld world, ScenarioRun run)
    {
        if (run.Events.Count == 0 || !world.History.IsWell)
        {
            return;
        }

        var records = await world.History.Records(CancellationToken.None);
        Console.WriteLine($"\n{records.Count:N0} records, {world.Silos.Restarts} silos ended by themselves and were started again");
        Console.WriteLine("Longest time between two completed checks of a resource around each event, beyond its interval:");
        Console.WriteLine($"{"event",-40} {"resources",9} {"p50",9} {"p99",9} {"max",9} {"promotions",10}");
        var all = Gaps.Of(records, run.Events, world.Resources.Intervals, ScenarioRun.Now);
        foreach (var gaps in all)
        {
            Console.WriteLine(
                $"{gaps.Event.Text,-40} {gaps.Excess.Count,9} {Seconds(gaps.Percentile(0.5)),9} {Seconds(gaps.Percentile(0.99)),9} "
                + $"{Seconds(gaps.Percentile(1)),9} {gaps.Promotions,10}");
        }

        foreach (var gaps in all.Where(gaps => gaps.Slowest.Count > 0))
        {
            PrintSlowest(gaps);
        }
    }

    private static void PrintSlowest(Gaps gaps)
    {
        Console.WriteLine($"\nThe slowest around: {gaps.Event.Text}, at {gaps.Event.At:HH:mm:ss.fff}");
        foreach (var record in gaps.Slowest)
        {
            Console.WriteLine(
                $"  {record.Target.Name} {record.StartedAt:HH:mm:ss.fff}-{record.FinishedAt:HH:mm:ss.fff} {record.Record} {record.Line}-{record.Seq} {record.Outcome}");
        }
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:+0.0;-0.0} s");
}
