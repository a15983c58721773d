using System.Globalization;
using Serilog;
using Serilog.Core;

namespace ClusterGrains.Sandbox;

/// <summary>The log of the sandbox: at most two files of 16 MiB. The terminal belongs to the table.</summary>
internal static class SandboxLog
{
    private const long LargestFile = 16 << 20;

    /// <summary>What comes in is filtered before, by the silo's own settings.</summary>
    public static Logger Open(SandboxData data) => new LoggerConfiguration()
        .MinimumLevel.Verbose()
        .WriteTo.File(
            data.Log,
            outputTemplate: "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffZ} [{Level:u3}] {Message:lj}{NewLine}{Exception}",
            formatProvider: CultureInfo.InvariantCulture,
            fileSizeLimitBytes: LargestFile,
            rollOnFileSizeLimit: true,
            retainedFileCountLimit: 2)
        .CreateLogger();
}
