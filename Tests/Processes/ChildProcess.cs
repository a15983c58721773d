using System.Diagnostics;
using System.Globalization;

namespace ClusterGrains.Tests.Processes;

/// <summary>This test executable, started again as a process that runs one of <see cref="ChildVerbs"/>.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static ChildProcess Start(string verb, params string[] args) => new(Process.Start(Info(verb, args))!);

    /// <summary>One whose standard error nobody sees: it is expected to say much there when it is torn from its work.</summary>
    public static ChildProcess StartQuietly(string verb, params string[] args) => Start(verb, static _ => { }, args);

    /// <summary>One whose standard error is heard line by line, all of it before <see cref="Ended"/> completes.</summary>
    public static ChildProcess Start(string verb, Action<string> hearError, params string[] args)
    {
        var start = Info(verb, args);
        start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, said) =>
        {
            if (said.Data is { } line)
            {
                hearError(line);
            }
        };
        process.BeginErrorReadLine();
        return new ChildProcess(process);
    }

    /// <summary>The next line of its standard output; null when it has ended.</summary>
    public async Task<string?> ReadLine(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken);

    /// <summary>SIGKILL: nothing in the child gets a chance to finish. Returns when it is gone.</summary>
    public async Task Kill(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Sends a signal, for example <c>TERM</c>, <c>STOP</c> or <c>CONT</c>.</summary>
    public async Task Signal(string name, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Waits for its end: the exit code.</summary>
    public async Task<int> Ended(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Closes its standard input, which asks it to end, and waits for its exit code.</summary>
    public async Task<int> Stop(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        return await Ended(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Kill(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Info(string verb, string[] args)
    {
        var assembly = typeof(ChildProcess).Assembly.Location;
        var start = new ProcessStartInfo(Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,

            // Most children live for seconds: profiles would be gathered for nothing.
            Environment = { ["DOTNET_TieredPGO"] = "0" },
        };

        foreach (var arg in (string[])["child", verb, .. args])
        {
            start.ArgumentList.Add(arg);
        }

        return start;
    }
}
