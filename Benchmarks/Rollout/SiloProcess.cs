using System.Diagnostics;
using System.Globalization;

namespace ClusterGrains.Benchmarks.Rollout;

/// <summary>The silo as its users start it, and the memory that it takes.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _output;

    private SiloProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
    }

    public bool HasEnded => _process.HasExited;

    public static SiloProcess Start(params string[] settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "ClusterGrains.Silo.dll"));
        foreach (var setting in settings)
        {
            start.ArgumentList.Add(setting);
        }

        return new SiloProcess(Process.Start(start)!);
    }

    /// <summary>Resident memory in MiB: now and the most since the start, as the kernel counts them.</summary>
    public (long Now, long Peak) Memory()
    {
        var lines = File.ReadLines($"/proc/{_process.Id}/status").ToList();
        return (Mebibytes("VmRSS:"), Mebibytes("VmHWM:"));

        long Mebibytes(string name) => long.Parse(
            lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal),
            NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture) >> 10;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _output;
        _process.Dispose();
    }
}
