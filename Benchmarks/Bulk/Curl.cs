using System.Diagnostics;
using System.Globalization;

namespace ClusterGrains.Benchmarks.Bulk;

/// <summary>Sends files with <c>curl --data-binary</c>: one process, kept connections, no wait between requests.</summary>
internal static class Curl
{
    /// <param name="parallel">Requests at once.</param>
    public static async Task Send(string folder, Uri bulk, int parallel, CancellationToken cancellationToken)
    {
        var config = Path.Combine(folder, "curl.conf");
        var requests = Directory.GetFiles(folder, "*.bulk").Order(StringComparer.Ordinal).Select(file =>
            $"""
            url = "{bulk}"
            data-binary = "@{file}"
            header = "Content-Type: application/x-ndjson"
            header = "Expect:"
            output = "/dev/null"
            silent
            no-progress-meter
            fail
            """);
        await File.WriteAllTextAsync(config, string.Join("\nnext\n", requests), cancellationToken);
        string[] arguments = parallel == 1
            ? ["-K", config]
            : ["--parallel", "--parallel-max", parallel.ToString(CultureInfo.InvariantCulture), "-K", config];
        using var curl = Process.Start(new ProcessStartInfo("curl", arguments))!;
        await curl.WaitForExitAsync(cancellationToken);
        if (curl.ExitCode != 0)
        {
            throw new InvalidOperationException($"curl ended with {curl.ExitCode}.");
        }
    }
}
