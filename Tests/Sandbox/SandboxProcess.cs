using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ClusterGrains.Sandbox;
using ClusterGrains.Tests.Tidy;

namespace ClusterGrains.Tests.Sandbox;

/// <summary>The sandbox as users start it, a process of its own, read line by line.</summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;
    private readonly Task _errors;

    private SandboxProcess(Process process)
    {
        _process = process;
        _errors = Drain();
    }

    /// <summary>With free ports, on the data of the folder.</summary>
    public static SandboxProcess Start(string data, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] all =
        [
            typeof(SandboxOptions).Assembly.Location,
            "--api-port", "0", "--http-port", "0", "--management-port", "0", "--data", data, .. args,
        ];
        foreach (var argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        return new SandboxProcess(Process.Start(start)!);
    }

    /// <summary>With the silos of <c>docker-compose.yml</c>, as processes, in a folder.</summary>
    public static SandboxProcess StartComposed(string folder, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("bash")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var argument in (string[])[Path.Combine(House.Root, "Sandbox", "compose", "processes.sh"), "--no-build", "--api-port", "0"])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        // Tests/bin/Debug/net10.0
        start.Environment["CONFIGURATION"] = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return new SandboxProcess(Process.Start(start)!);
    }

    /// <summary>The next line that the condition accepts; the others are passed over.</summary>
    public async Task<string> Line(Func<string, bool> condition, CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            _lines.Enqueue(line);
            if (condition(line))
            {
                return line;
            }
        }

        await _errors;
        throw new InvalidOperationException($"The sandbox ended after:\n{string.Join('\n', _lines)}");
    }

    /// <summary>What stands behind a word of the introduction, for example the URL behind <c>fleet</c>.</summary>
    public async Task<string> Intro(string word, CancellationToken cancellationToken)
    {
        var line = await Line(line => line.StartsWith($"  {word} ", StringComparison.Ordinal), cancellationToken);
        return line[(word.Length + 2)..].Trim();
    }

    /// <summary>SIGTERM. The exit code, once it is gone.</summary>
    public async Task<int> Terminate(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        // Nobody reads any more; a full pipe must not keep it from ending.
        var rest = _process.StandardOutput.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        await rest;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        await _errors;
        _process.Dispose();
    }

    private async Task Drain()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _lines.Enqueue($"stderr: {line}");
        }
    }
}
