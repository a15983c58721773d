using ClusterGrains.Clusters;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>
/// A random schedule in the scenario language: what happens next follows from the seed and from what is broken already.
/// Invariants are checked after every step, as far as can be looked then; the first violation ends it.
/// </summary>
internal sealed class Soak(FleetWorld world, ScenarioRun run, int seed, int silos)
{
    private const int MaxBroken = 2;
    private const int StepsBetweenRests = 8;

    private readonly Random _random = new(seed);
    private bool _copied;
    private int _clusters;

    /// <summary>Starts a fleet and disturbs it for so long; at its end everything is whole and settled.</summary>
    /// <param name="clusters">Checked every 2 s.</param>
    /// <param name="datasets">Looked at every 2 s.</param>
    public async Task Run(TimeSpan duration, int clusters, int datasets, CancellationToken cancellationToken)
    {
        _clusters = clusters;
        await Play($"seed {Math.Max(1, seed % 10_000)}", cancellationToken);
        await Play($"start {silos} silos", cancellationToken);
        await Play($"create {clusters} clusters every 2s", cancellationToken);
        await Play($"create {datasets} datasets every 2s", cancellationToken);
        await Play("publish to all datasets", cancellationToken);
        await Play("wait until settled", cancellationToken);
        var started = TimeProvider.System.GetTimestamp();
        for (var steps = 1; TimeProvider.System.GetElapsedTime(started) < duration; steps++)
        {
            await Play(Next(), cancellationToken);
            await Play($"wait {_random.Next(1, 40) * 100}ms", cancellationToken);
            if (steps % StepsBetweenRests == 0)
            {
                await Rest(cancellationToken);
            }
        }

        await Rest(cancellationToken);
    }

    /// <summary>Everything is made whole, and must come to rest by itself.</summary>
    private async Task Rest(CancellationToken cancellationToken)
    {
        while (Cures().FirstOrDefault() is { } cure)
        {
            await Play(cure, cancellationToken);
        }

        await Play("wait until settled", cancellationToken);
        await Play("check invariants", cancellationToken);
    }

    private Task Play(string text, CancellationToken cancellationToken)
    {
        _copied |= text == "copy the API";
        return run.Play(text, cancellationToken);
    }

    private string Next()
    {
        var cures = Cures().ToList();
        var choices = cures.Count >= MaxBroken ? cures : [.. cures, .. Changes(), .. Faults()];
        return choices[_random.Next(choices.Count)];
    }

    /// <summary>What would make whole what is broken now.</summary>
    private IEnumerable<string> Cures()
    {
        (bool Broken, string Cure)[] all =
        [
            (world.Store.IsFull, "free the disk of the store"),
            (world.Store.IsStopped, "start the store"),
            (world.Store.IsSlow, "hurry the store"),
            (world.History.Disk.IsFull, "free the disk of the history"),
            (world.History.IsStopped, "start the history"),
            (world.Api.IsStopped, "start the API"),
            (!world.Api.IsStopped && !world.Api.IsWell, "heal the API"),
        ];
        return
        [
            .. all.Where(one => one.Broken).Select(one => one.Cure),
            .. world.Silos.All.Where(silo => silo.IsFrozen && !silo.Ended.IsCompleted).Select(silo => $"thaw silo {silo.Number}"),
            .. world.Store.IsWell ? world.Silos.Gone.Select(number => $"start silo {number}") : [],
        ];
    }

    /// <summary>What people do. More often than faults: each stands here twice. About as many resources stay as there were.</summary>
    private IEnumerable<string> Changes()
    {
        if (world.Api.IsStopped || world.Api.IsBlackHole)
        {
            return [];
        }

        var isMore = world.Api.List(SearchClusters.Kind).Count > _clusters;
        return Twice(
            $"edit {_random.Next(1, 6)} clusters",
            isMore ? $"delete {_random.Next(1, 4)} clusters" : $"create {_random.Next(1, 4)} clusters every 2s",
            $"recreate {_random.Next(1, 4)} clusters",
            "edit a dataset",
            "recreate a dataset",
            $"publish to {_random.Next(1, 4)} datasets");
    }

    private IEnumerable<string> Faults()
    {
        var running = world.Silos.Running;
        if (running.Count > 0 && (running.Count > 1 || silos == 1))
        {
            var number = running[_random.Next(running.Count)].Number;
            yield return $"kill silo {number}";
            yield return $"freeze silo {number}";
            yield return $"stop silo {number}";
        }

        if (running.Count == silos && world.Judge.CanLook)
        {
            yield return "kill the relay's silo";
            yield return "restart all silos one by one";
        }

        foreach (var fault in FaultsOfOthers())
        {
            yield return fault;
        }
    }

    private IEnumerable<string> FaultsOfOthers()
    {
        if (world.Store.MaxSilos > 1 && world.Store.IsWell)
        {
            yield return "stop the store";
            yield return $"slow the store by {_random.Next(1, 8) * 50}ms";
            yield return $"lose {_random.Next(1, 6)} answers of the store";
            yield return $"refuse {_random.Next(1, 20)} writes of the store";
        }

        if (world.History.IsWell)
        {
            yield return "stop the history";
        }

        foreach (var disk in Disks())
        {
            yield return $"fill the disk of the {disk}";
        }

        if (world.Api is { IsStopped: false, IsWell: true })
        {
            yield return "stop the API";
            yield return "silence the watches";
            yield return "black-hole the API";
            yield return "forget the API's history";
            yield return $"answer {_random.Next(1, 30)} API requests with {new[] { 410, 429, 500, 503 }[_random.Next(4)]}";
            yield return _copied ? "restart the API from the copy" : "copy the API";
        }
    }

    private IEnumerable<string> Disks()
    {
        if (world.Store is { IsWell: true, CanFill: true })
        {
            yield return "store";
        }

        if (world.History is { IsWell: true, Disk.CanFill: true })
        {
            yield return "history";
        }
    }

    private static IEnumerable<string> Twice(params string[] choices) => choices.Concat(choices);
}
