using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClusterGrains.Tests.Sandbox;

/// <summary>The whole sandbox, from its command line to its exit code.</summary>
public sealed partial class SandboxProcessTests : IDisposable
{
    private const StringComparison Exactly = StringComparison.Ordinal;

    // Only keeps a broken sandbox from hanging the tests.
    private readonly CancellationTokenSource _guard =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private readonly string _data = Directory.CreateTempSubdirectory("sandbox").FullName;
    private readonly HttpClient _http = new();

    public SandboxProcessTests() => _guard.CancelAfter(TimeSpan.FromMinutes(3));

    private CancellationToken Cancellation => _guard.Token;

    public void Dispose()
    {
        _guard.Dispose();
        _http.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Three_clusters_get_verdicts_and_go_on_with_them_after_a_restart()
    {
        long before;
        await using (var sandbox = SandboxProcess.Start(_data, "--interval", "1s"))
        {
            var red = await BreakUrl(sandbox);
            await AllHealthy(sandbox);
            before = HistoryOf(await BreakAndHeal(sandbox, red));
            Assert.Equal(0, await sandbox.Terminate(Cancellation));
            // Its silo left in good order; it was not cut off.
            var log = await File.ReadAllTextAsync(Path.Combine(_data, "silo.log"), Cancellation);
            Assert.Contains($"Closed {_data}", log, Exactly);
        }

        await using (var sandbox = SandboxProcess.Start(_data, "--interval", "1s"))
        {
            var after = HistoryOf(await BreakAndHeal(sandbox, await BreakUrl(sandbox)));
            Assert.True(after > before, $"The history went on from {before} to {after}.");
            Assert.Equal(0, await sandbox.Terminate(Cancellation));
        }

        var records = Records().GroupBy(record => record.Uid, record => record.Seq).ToArray();
        // Three clusters and the dataset.
        Assert.Equal(4, records.Length);
        Assert.All(records, seqs => Assert.Equal(Enumerable.Range(1, seqs.Count()), seqs.Order()));
    }

    [Fact]
    public async Task The_first_start_loads_and_promotes_and_so_does_every_new_version_and_a_restart_keeps_it()
    {
        string newVersion;
        await using (var sandbox = SandboxProcess.Start(_data, "--interval", "1s", "--clusters", "1"))
        {
            newVersion = await sandbox.Intro("new data", Cancellation);
            await sandbox.Line(line => line.Contains("  sds/products  Loading  ", Exactly), Cancellation);
            await sandbox.Line(line => IsPromoted(line, "20,000"), Cancellation);
            using (var shell = Process.Start("sh", ["-c", newVersion]))
            {
                await shell.WaitForExitAsync(Cancellation);
                Assert.Equal(0, shell.ExitCode);
            }

            await sandbox.Line(line => IsPromoted(line, "20,001"), Cancellation);
            Assert.Equal(0, await sandbox.Terminate(Cancellation));
        }

        await using (var sandbox = SandboxProcess.Start(_data, "--interval", "1s"))
        {
            var line = await sandbox.Line(line => line.Contains("  sds/products  Promoted  UpToDate", Exactly), Cancellation);
            Assert.Contains("docs 20,001", line, Exactly);
            Assert.Equal(0, await sandbox.Terminate(Cancellation));
        }
    }

    [Fact]
    public async Task Without_a_silo_it_prints_the_command_that_starts_one_and_a_second_sandbox_has_to_wait()
    {
        await using var sandbox = SandboxProcess.Start(_data, "--no-silo", "--clusters", "1");
        var command = await sandbox.Intro("silo", Cancellation);
        await sandbox.Line(line => line.EndsWith("orders  waits for its first check", Exactly), Cancellation);

        Assert.StartsWith($"dotnet run --project Silo -- --Kubernetes:Kubeconfig={_data}/", command, Exactly);
        await using var second = SandboxProcess.Start(_data);
        var ended = await Assert.ThrowsAsync<InvalidOperationException>(() => second.Line(_ => false, Cancellation));
        Assert.Contains($"--data {_data} is in use by another sandbox", ended.Message, Exactly);
        Assert.Equal(0, await sandbox.Terminate(Cancellation));
    }

    private async Task AllHealthy(SandboxProcess sandbox)
    {
        var waiting = new HashSet<string> { "orders", "logs", "products" };
        while (waiting.Count > 0)
        {
            var line = await sandbox.Line(line => line.Contains("  Healthy", Exactly), Cancellation);
            waiting.Remove(line.Split("  ")[1]);
        }
    }

    private static bool IsPromoted(string line, string docs) =>
        line.Contains("  sds/products  Promoted  UpToDate  version ", Exactly) && line.Contains($"  docs {docs}", Exactly);

    private static long HistoryOf(string line) => long.Parse(History().Match(line).Groups[1].Value);

    private async Task<string> BreakUrl(SandboxProcess sandbox) =>
        (await sandbox.Intro("break", Cancellation)).Split(' ')[^1];

    /// <summary>Breaks a cluster, awaits the line that says so, heals it; the line of its being well again.</summary>
    private async Task<string> BreakAndHeal(SandboxProcess sandbox, string red)
    {
        await Post(red);
        await sandbox.Line(line => line.Contains("  orders  Critical", Exactly), Cancellation);
        await Post(red.Replace("/red", "/heal", Exactly));
        return await sandbox.Line(line => line.Contains("  orders  Healthy", Exactly), Cancellation);
    }

    private async Task Post(string url)
    {
        using var answer = await _http.PostAsync(url, content: null, Cancellation);
        answer.EnsureSuccessStatusCode();
    }

    private IEnumerable<(string Uid, int Seq)> Records()
    {
        var history = new DirectoryInfo(Path.Combine(_data, "history"));
        // Plans have no number.
        foreach (var file in history.EnumerateFiles("*.json.gz", SearchOption.AllDirectories)
            .Where(file => !file.FullName.Contains("record=plan", Exactly)))
        {
            using var unzipped = new GZipStream(file.OpenRead(), CompressionMode.Decompress);
            using var record = JsonDocument.Parse(unzipped);
            yield return (
                record.RootElement.GetProperty("target").GetProperty("uid").GetString()!,
                record.RootElement.GetProperty("seq").GetInt32());
        }
    }

    [GeneratedRegex(@"  history (\d+)")]
    private static partial Regex History();
}
