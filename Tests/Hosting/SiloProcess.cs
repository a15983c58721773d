using System.Diagnostics;
using ClusterGrains.Tests.History;

namespace ClusterGrains.Tests.Hosting;

/// <summary>The silo as its users start it: a process with a command line, an environment, a folder and an exit code.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TestFolder _folder;

    private SiloProcess(Process process, TestFolder folder) => (_process, _folder) = (process, folder);

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <param name="settings">The command line.</param>
    /// <param name="environment">Added to the test's own.</param>
    public static SiloProcess Start(string[] settings, IReadOnlyDictionary<string, string>? environment = null)
    {
        var folder = new TestFolder();
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "ClusterGrains.Silo.dll"));
        foreach (var setting in settings)
        {
            start.ArgumentList.Add(setting);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new SiloProcess(Process.Start(start)!, folder);
    }

    /// <summary>Reads the log up to the first line with <paramref name="text"/>.</summary>
    public async Task<string> Line(string text, CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The silo ended without saying '{text}'.");
    }

    /// <summary>SIGTERM, as the kubelet and systemd send it.</summary>
    public async Task Terminate(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Waits for its end: the exit code and what it said on standard error.</summary>
    public async Task<(int Code, string[] Errors)> Ended(CancellationToken cancellationToken)
    {
        var errors = await _process.StandardError.ReadToEndAsync(cancellationToken);
        await _process.StandardOutput.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _folder.Dispose();
    }
}
