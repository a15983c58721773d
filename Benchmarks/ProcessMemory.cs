using System.Globalization;

namespace ClusterGrains.Benchmarks;

/// <summary>Resident memory of a process in MiB: now and the most since its start, as the kernel counts them.</summary>
internal readonly record struct ProcessMemory(long Now, long Peak)
{
    public static ProcessMemory Of(int process)
    {
        var lines = File.ReadLines($"/proc/{process}/status").ToList();
        return new ProcessMemory(Mebibytes("VmRSS:"), Mebibytes("VmHWM:"));

        long Mebibytes(string name) => long.Parse(
            lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal),
            NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture) >> 10;
    }
}
