using ClusterGrains.Clusters;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>Every sentence of the scenario language.</summary>
internal static class Vocabulary
{
    public const string StartSilos = "start <count> silo(s)";

    public static readonly IReadOnlyList<Sentence> Sentences =
    [
        Say("seed <count>", (world, with) => world.Seed(with.Count)),

        // Silos.
        Do(StartSilos, (world, with, token) => world.Silos.Start(with.Count, token)),
        Happen("start all silos again", (world, _, token) => world.Silos.StartAgain(token)),
        Happen("start <silo>", (world, with, token) => world.Silos.Start(with.Silo, token)),
        Happen("kill <silo>", (world, with, token) => world.Silos.Kill(with.Silo, token)),
        Happen("freeze <silo>", (world, with, token) => world.Silos.Freeze(with.Silo, token)),
        Happen("thaw <silo>", (world, with, token) => world.Silos.Thaw(with.Silo, token)),
        Happen("stop <silo>", (world, with, token) => world.Silos.Stop(with.Silo, token)),
        Happen("restart <silo>", (world, with, token) => world.Silos.Restart(with.Silo, token)),
        Happen("restart all silos one by one", (world, _, token) => world.Silos.Roll(token)),
        Happen("move the store", (world, _, token) => world.MoveStore(token)),

        // What people do.
        Do("create <count> cluster(s) every <time>", (world, with, _) => world.Resources.Create(SearchClusters.Kind, with.Count, with.Time)),
        Do("create <count> dataset(s) every <time>", (world, with, _) => world.Resources.Create(SearchDatasets.Kind, with.Count, with.Time)),
        Do("edit <count> <kind>", (world, with, token) => world.Resources.Edit(with.Kind, with.Count, token)),
        Do("delete <count> <kind>", (world, with, token) => world.Resources.Delete(with.Kind, with.Count, token)),
        Do("recreate <count> <kind>", (world, with, token) => world.Resources.Recreate(with.Kind, with.Count, token)),
        Say("publish to <count> dataset(s)", (world, with) => world.Data.Publish(with.Count)),
        Say("keep publishing", (world, _) => world.Data.KeepPublishing()),
        Do("stop publishing", (world, _, _) => world.Data.StopPublishing()),
        Say("hold the loads", (world, _) => world.Data.HoldLoads()),
        Say("release the loads", (world, _) => world.Data.ReleaseLoads()),

        // What fails.
        Happen("stop the store", (world, _, token) => world.Store.Stop(token)),
        Happen("start the store", (world, _, token) => world.Store.Start(token)),
        Happen("slow the store by <time>", (world, with, token) => world.Store.Slow(with.Time, token)),
        Happen("hurry the store", (world, _, token) => world.Store.Slow(TimeSpan.Zero, token)),
        Do("lose <count> answers of the store", (world, with, token) => world.Store.LoseAnswers(with.Count, token)),
        Do("refuse <count> writes of the store", (world, with, token) => world.Store.RefuseWrites(with.Count, token)),
        Happen("fill the disk of the store", (world, _, token) => world.Store.Fill(token)),
        Happen("free the disk of the store", (world, _, token) => world.Store.Free(token)),
        Happen("stop the history", (world, _, token) => world.History.Stop(token)),
        Happen("start the history", (world, _, token) => world.History.Start(token)),
        Happen("fill the disk of the history", (world, _, _) => world.History.Disk.Fill()),
        Happen("free the disk of the history", (world, _, _) => world.History.Disk.Free()),
        Happen("stop the API", (world, _, _) => world.Api.Stop()),
        Happen("start the API", (world, _, token) => world.Api.Start(token)),
        Do("copy the API", (world, _, token) => world.Api.Copy(token)),
        Happen("restart the API from the copy", (world, _, token) => world.Api.RestartFromCopy(token)),
        Happen("silence the watches", (world, _, _) => world.Api.SilenceWatches()),
        Happen("black-hole the API", (world, _, _) => world.Api.BlackHole()),
        Happen("heal the API", (world, _, _) => world.Api.Heal()),
        Happen("forget the API's history", (world, _, _) => world.Api.ForgetHistory()),
        Happen("answer <count> API requests with <status>", (world, with, _) => world.Api.Answer(with.Count, with.Status)),

        // Looking.
        Do("wait <time>", (_, with, token) => FleetWorld.Wait(with.Time, token)),
        Do("wait until a load is held", (world, _, token) => world.Data.LoadIsHeld(token)),
        Do("wait until checked", (world, _, token) => world.Settling.Checked(token)),
        Do("wait until updated", (world, _, token) => world.Settling.Updated(token)),
        Do("wait until settled", (world, _, token) => world.Settling.Settled(token)),
        Do("check invariants", (world, _, token) => world.Judge.AtRest(token)),
    ];

    private static Sentence Do(string pattern, Func<FleetWorld, Values, CancellationToken, Task<string>> act) => new(pattern, act);

    private static Sentence Happen(string pattern, Func<FleetWorld, Values, CancellationToken, Task<string>> act) =>
        new(pattern, act) { IsEvent = true };

    private static Sentence Say(string pattern, Func<FleetWorld, Values, string> act) =>
        new(pattern, (world, values, _) => Task.FromResult(act(world, values)));
}
