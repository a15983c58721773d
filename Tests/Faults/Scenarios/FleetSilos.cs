using System.Globalization;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>
/// The silos of a fleet by their numbers. One that ends without having been told to is started again, as the kubelet does; unless
/// the others had given it up while it was frozen, or it could not start without its store, that is a failure of the fleet.
/// </summary>
/// <param name="settings">Of every silo.</param>
/// <param name="store">Knows in which of them datasets are being loaded, and how many it takes.</param>
/// <param name="tell">What happens without having been asked for.</param>
internal sealed class FleetSilos(
    Func<IEnumerable<string>> settings, Func<FleetStore> store, Action<string> tell) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BeforeRestart = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<int, FleetSilo> _silos = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _watching = [];
    private string? _crash;

    /// <summary>How many silos ended by themselves.</summary>
    public int Restarts { get; private set; }

    public IReadOnlyList<FleetSilo> All
    {
        get
        {
            lock (_silos)
            {
                return [.. _silos.Values];
            }
        }
    }

    public IReadOnlyList<FleetSilo> Running => [.. All.Where(silo => silo.IsRunning)];

    /// <summary>The numbers that were started once and have no process now.</summary>
    public IReadOnlyList<int> Gone => [.. All.Where(silo => silo.Ended.IsCompleted && silo.IsCondemned).Select(silo => silo.Number)];

    /// <summary>Says once that a silo ended by itself which nobody had given up.</summary>
    /// <exception cref="InvalidOperationException">One did.</exception>
    public void ThrowIfCrashed()
    {
        if (Interlocked.Exchange(ref _crash, null) is { } crash)
        {
            throw new InvalidOperationException(crash);
        }
    }

    /// <summary>Starts so many more, with the lowest numbers that were never used; they run when this returns.</summary>
    public async Task<string> Start(int count, CancellationToken cancellationToken)
    {
        var first = All.Select(silo => silo.Number).DefaultIfEmpty(0).Max() + 1;
        if (first + (long)count - 1 > store().MaxSilos)
        {
            throw new InvalidOperationException($"this fleet's store takes at most {store().MaxSilos} silos; start fewer.");
        }

        await Task.WhenAll(Enumerable.Range(first, count).Select(number => Run(number, cancellationToken)));
        return count == 1 ? $"silo {first}" : $"silos {first} to {first + count - 1}";
    }

    public async Task<string> Start(SiloReference which, CancellationToken cancellationToken)
    {
        if (which.Role is not SiloRole.Numbered)
        {
            throw new InvalidOperationException("only a silo that was stopped or killed is started; say which by its number, as in: start silo 2.");
        }

        if (All.FirstOrDefault(silo => silo.Number == which.Number) is { Ended.IsCompleted: false })
        {
            throw new InvalidOperationException($"silo {which.Number} runs; stop or kill it first.");
        }

        await Run(which.Number, cancellationToken);
        return $"silo {which.Number}";
    }

    /// <summary>Those that were killed or stopped.</summary>
    public async Task<string> StartAgain(CancellationToken cancellationToken)
    {
        var gone = Gone;
        await Task.WhenAll(gone.Select(number => Run(number, cancellationToken)));
        return gone.Count == 0 ? "none was gone" : $"silo {string.Join(", ", gone)}";
    }

    public Task<string> Kill(SiloReference which, CancellationToken cancellationToken) =>
        With(which, silo => silo.Kill(cancellationToken), cancellationToken);

    public Task<string> Freeze(SiloReference which, CancellationToken cancellationToken) =>
        With(which, silo => silo.Freeze(cancellationToken), cancellationToken);

    public Task<string> Thaw(SiloReference which, CancellationToken cancellationToken) =>
        With(which, silo => silo.Thaw(cancellationToken), cancellationToken);

    public Task<string> Stop(SiloReference which, CancellationToken cancellationToken) =>
        With(which, silo => End(silo, cancellationToken), cancellationToken);

    public Task<string> Restart(SiloReference which, CancellationToken cancellationToken) =>
        With(which, silo => Replace(silo, cancellationToken), cancellationToken);

    /// <summary>One silo at a time is stopped and started again, as by a rolling update; the next one when it runs.</summary>
    public async Task<string> Roll(CancellationToken cancellationToken)
    {
        var running = Running;
        foreach (var silo in running)
        {
            await Replace(silo, cancellationToken);
        }

        return $"{running.Count} silos";
    }

    /// <summary>The silo that is meant; waits until there is one.</summary>
    public async Task<FleetSilo> Find(SiloReference which, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(which.Role is SiloRole.Relay or SiloRole.Loader ? Patience : TimeSpan.FromSeconds(1));
        try
        {
            while (true)
            {
                if (await Look(which, patience.Token) is { } silo)
                {
                    return silo;
                }

                await Task.Delay(Glance, TimeProvider.System, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"there is no such silo; {Describe()}");
        }
    }

    /// <summary>Every silo in a few words.</summary>
    public string Describe() => All.Count == 0 ? "no silo was started" : string.Join(", ", All.Select(silo => string.Create(
        CultureInfo.InvariantCulture,
        $"silo {silo.Number} {(silo.Ended.IsCompleted ? "has ended" : silo.IsFrozen ? "is frozen" : silo.IsRunning ? "runs" : "starts")}{(silo.RelaySince > 0 ? " (relay)" : "")}")));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        foreach (var silo in All)
        {
            await silo.DisposeAsync();
        }

        Task[] watching;
        lock (_silos)
        {
            watching = [.. _watching];
        }

        await Task.WhenAll(watching);
        foreach (var silo in All)
        {
            await silo.DisposeAsync();
        }

        _ending.Dispose();
    }

    private async Task<FleetSilo?> Look(SiloReference which, CancellationToken cancellationToken)
    {
        switch (which.Role)
        {
            case SiloRole.Numbered:
                return All.FirstOrDefault(silo => silo.Number == which.Number && !silo.Ended.IsCompleted);
            case SiloRole.Frozen:
                return All.FirstOrDefault(silo => silo.IsFrozen && !silo.Ended.IsCompleted);
            case SiloRole.Relay:
                return All.Where(silo => silo.RelaySince > 0).MaxBy(silo => silo.RelaySince) is { IsRunning: true } relay ? relay : null;
            case SiloRole.Other:
                var latest = All.Max(silo => silo.RelaySince);
                return Running.FirstOrDefault(silo => silo.RelaySince == 0 || silo.RelaySince < latest);
            default:
                var loaders = await store().Loaders(cancellationToken);
                return Running.FirstOrDefault(silo => loaders is null || loaders.Any(silo.IsAt));
        }
    }

    private async Task<string> With(SiloReference which, Func<FleetSilo, Task> act, CancellationToken cancellationToken)
    {
        var silo = await Find(which, cancellationToken);
        await act(silo);
        return $"silo {silo.Number}";
    }

    private static async Task End(FleetSilo silo, CancellationToken cancellationToken)
    {
        var code = await silo.Stop(cancellationToken);
        if (code != 0)
        {
            throw new InvalidOperationException($"silo {silo.Number} ended with {code} after SIGTERM:\n{silo.Tail()}");
        }
    }

    private async Task Replace(FleetSilo silo, CancellationToken cancellationToken)
    {
        await End(silo, cancellationToken);
        await Run(silo.Number, cancellationToken);
    }

    private async Task Run(int number, CancellationToken cancellationToken) =>
        await Launch(number).Running.WaitAsync(Patience, cancellationToken);

    private FleetSilo Launch(int number)
    {
        var silo = FleetSilo.Start(number, settings());
        lock (_silos)
        {
            _silos[number] = silo;
            _watching.RemoveAll(task => task.IsCompleted);
            _watching.Add(Watch(silo));
        }

        return silo;
    }

    private async Task Watch(FleetSilo silo)
    {
        var hadNoStore = !store().IsWell;
        var code = await silo.Ended;
        if (silo.IsCondemned || _ending.IsCancellationRequested)
        {
            return;
        }

        tell($"silo {silo.Number} ended by itself with {code}; it is started again");
        Restarts++;
        if (!silo.WasGivenUp && (silo.HasRun || (!hadNoStore && store().IsWell)))
        {
            _crash ??= $"silo {silo.Number} ended by itself with {code}:\n{silo.Tail()}";
        }

        try
        {
            await Task.Delay(BeforeRestart, TimeProvider.System, _ending.Token);
            Launch(silo.Number);
        }
        catch (OperationCanceledException)
        {
            // The fleet ends.
        }
    }
}
