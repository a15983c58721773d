using System.Globalization;
using System.Text.RegularExpressions;
using ClusterGrains.Hosting;
using ClusterGrains.Tests.Processes;
using Microsoft.Extensions.Hosting;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>One silo of a fleet: the real host in a process of its own, with what it says.</summary>
internal sealed partial class FleetSilo : IAsyncDisposable
{
    /// <summary>The child verb; its arguments are the silo's command line.</summary>
    public const string Verb = "fleet-silo";

    private const int MaxTail = 60;

    private static long _relays;

    private readonly ChildProcess _process;
    private readonly int _port;
    private readonly TaskCompletionSource _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _tail = [];
    private readonly Task _listening;
    private long _relaySince;
    private bool _wasFrozen;
    private volatile bool _wasToldDead;

    private FleetSilo(int number, int port, string[] settings)
    {
        (Number, _port) = (number, port);
        _process = ChildProcess.Start(Verb, Hear, settings);
        _listening = Listen();
        Ended = End();
    }

    public int Number { get; }

    public bool IsFrozen { get; private set; }

    /// <summary>Whether its end was asked for.</summary>
    public bool IsCondemned { get; private set; }

    /// <summary>Whether it ended as it should: the others gave it up while it was frozen, and told it so.</summary>
    public bool WasGivenUp => _wasFrozen && _wasToldDead;

    /// <summary>Completes when it has started, and when it has ended before that.</summary>
    public Task Running => _running.Task;

    public bool HasRun => _running.Task.IsCompletedSuccessfully;

    public bool IsRunning => HasRun && !Ended.IsCompleted && !IsFrozen && !IsCondemned;

    /// <summary>Its exit code, once there is one.</summary>
    public Task<int> Ended { get; }

    /// <summary>Where the fleet API answers.</summary>
    public Uri? Api { get; private set; }

    /// <summary>Where <c>/metrics</c> and the probes answer.</summary>
    public Uri? Management { get; private set; }

    /// <summary>A number that grows with each move of the relay, in all silos; 0 when the relay does not live here by this silo's word.</summary>
    public long RelaySince => Volatile.Read(ref _relaySince);

    public static FleetSilo Start(int number, IEnumerable<string> settings)
    {
        var port = Ports.Free();
        string[] all =
        [
            .. settings,
            string.Create(CultureInfo.InvariantCulture, $"--Orleans:SiloPort={port}"),
            "--Http:Port=0",
            "--Management:Port=0",
            "--Logging:LogLevel:Default=Warning",
            "--Logging:LogLevel:ClusterGrains.Hosting=Information",
            "--Logging:LogLevel:ClusterGrains.Watch=Information",
            "--Logging:LogLevel:ClusterGrains.Resources=Error",
        ];
        return new FleetSilo(number, port, all);
    }

    /// <summary>The child's side.</summary>
    public static async Task<int> Run(string[] args, CancellationToken parentGone)
    {
        await using var silo = SiloHost.Build(args);
        await SiloHost.Start(silo);
        await silo.WaitForShutdownAsync(parentGone);
        return 0;
    }

    /// <summary>Whether this is its address among silos, as Orleans writes it.</summary>
    public bool IsAt(string address) =>
        address.Contains(string.Create(CultureInfo.InvariantCulture, $":{_port}@"), StringComparison.Ordinal);

    public async Task Kill(CancellationToken cancellationToken)
    {
        IsCondemned = true;
        await _process.Kill(cancellationToken);
        await Ended.WaitAsync(cancellationToken);
    }

    /// <summary>A signal that nobody in its fleet knows of.</summary>
    public Task Signal(string name, CancellationToken cancellationToken) => _process.Signal(name, cancellationToken);

    /// <summary>SIGSTOP: it holds its connections and does nothing.</summary>
    public async Task Freeze(CancellationToken cancellationToken)
    {
        _wasFrozen = true;
        await _process.Signal("STOP", cancellationToken);
        IsFrozen = true;
    }

    /// <summary>SIGCONT: it goes on in the middle of whatever it did.</summary>
    public async Task Thaw(CancellationToken cancellationToken)
    {
        IsFrozen = false;
        await _process.Signal("CONT", cancellationToken);
    }

    /// <summary>SIGTERM, as the kubelet sends it; returns its exit code.</summary>
    public async Task<int> Stop(CancellationToken cancellationToken)
    {
        IsCondemned = true;
        await _process.Signal("TERM", cancellationToken);
        return await Ended.WaitAsync(cancellationToken);
    }

    /// <summary>Resident memory in MiB, as the kernel counts it; null when it has ended.</summary>
    public long? Memory()
    {
        try
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return line is null ? null : long.Parse(line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) >> 10;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The last lines it said.</summary>
    public string Tail()
    {
        lock (_tail)
        {
            return string.Join('\n', _tail);
        }
    }

    public async ValueTask DisposeAsync()
    {
        IsCondemned = true;
        try
        {
            if (!Ended.IsCompleted)
            {
                await _process.Kill(CancellationToken.None);
            }
        }
        catch (InvalidOperationException)
        {
            // It ended in between.
        }

        await Ended;
    }

    /// <summary>All it says is read as it comes: a silo whose listener does not listen would stop at a full pipe.</summary>
    private async Task Listen()
    {
        while (await _process.ReadLine(CancellationToken.None) is { } line)
        {
            Hear(line);
        }
    }

    private async Task<int> End()
    {
        var code = await _process.Ended(CancellationToken.None);
        await _listening;
        await _process.DisposeAsync();
        Volatile.Write(ref _relaySince, 0);
        _running.TrySetException(new InvalidOperationException($"Silo {Number} ended with {code} before it had started:\n{Tail()}"));
        _ = _running.Task.Exception;
        return code;
    }

    private void Hear(string line)
    {
        lock (_tail)
        {
            _tail.Enqueue(line);
            if (_tail.Count > MaxTail)
            {
                _tail.Dequeue();
            }
        }

        if (line.Contains("The watch relay lives in this silo now", StringComparison.Ordinal))
        {
            Volatile.Write(ref _relaySince, Interlocked.Increment(ref _relays));
        }
        else if (line.Contains("The watch relay leaves this silo", StringComparison.Ordinal))
        {
            Volatile.Write(ref _relaySince, 0);
        }
        else if (line.Contains("I have been told I am dead", StringComparison.Ordinal))
        {
            _wasToldDead = true;
        }
        else if (Started().Match(line) is { Success: true } started)
        {
            Api = new Uri(started.Groups["api"].Value);
            Management = new Uri(started.Groups["management"].Value);
            _running.TrySetResult();
        }
    }

    [GeneratedRegex("Running\\. Fleet API: (?<api>\\S+?)api/v1; probes and metrics: (?<management>\\S+?)readyz, metrics", RegexOptions.ExplicitCapture)]
    private static partial Regex Started();
}
