using System.Diagnostics;
using System.Net.Http.Json;

namespace ClusterGrains.Benchmarks.Bulk;

/// <summary>The pretend cluster, in a process of its own as a real one would be.</summary>
internal sealed class CountingProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private CountingProcess(Process process, Uri url)
    {
        _process = process;
        Url = url;
        _http = new HttpClient { BaseAddress = url };
    }

    public Uri Url { get; }

    public static async Task<CountingProcess> Start(CancellationToken cancellationToken)
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [CountingServer.Command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var url = await process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new InvalidOperationException("The pretend cluster did not start.");
        return new CountingProcess(process, new Uri(url));
    }

    /// <summary>What has arrived since the last time.</summary>
    public async Task<Counted> Counted(CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync<Counted>("counted", cancellationToken))!;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

/// <param name="Bytes">Of request bodies.</param>
internal sealed record Counted(long Documents, long Bytes);
