using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Benchmarks.Rollout;
using ClusterGrains.Hosting;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Sandbox.Kubernetes;

namespace ClusterGrains.Benchmarks.Fleet;

/// <summary>
/// Asks the fleet API of a silo process over HTTP while it goes on checking its fleet, and prints how long the answers took. The
/// Kubernetes API and the one pretend cluster that all resources name are the sandbox's, in this process.
/// </summary>
internal sealed class FleetScenario(FleetPlan plan)
{
    private const int Warmup = 200;

    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    public Task<int> Run(CancellationToken cancellationToken) => ScratchFolder.Use("fleet", root => Run(root, cancellationToken));

    private async Task Run(string root, CancellationToken cancellationToken)
    {
        await using var api = await KubernetesApi.Start(new KubernetesApiOptions { DataFolder = root }, cancellationToken);
        await using var cluster = await PretendCluster.Start("search", PretendEngine.OpenSearch2, cancellationToken);
        Create(api, cluster);
        var port = Ports.Free();
        await using var silo = SiloProcess.Start(
            $"--Kubernetes:Kubeconfig={api.KubeconfigPath}",
            $"--Storage:Sqlite:Path={Path.Combine(root, "state.db")}",
            $"--History:Uri=file://{Path.Combine(root, "history")}",
            "--Endpoints:AllowLoopback=true",
            string.Create(CultureInfo.InvariantCulture, $"--Http:Port={port}"),
            "--Management:Port=0",
            "--Orleans:SiloPort=0",
            "--Logging:LogLevel:Default=None");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/") };

        var started = TimeProvider.System.GetTimestamp();
        await Checked(http, silo, cancellationToken);
        Console.WriteLine(
            $"{plan.Resources:N0} resources in {plan.Namespaces} namespaces, each checked once after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s; "
            + $"{Environment.ProcessorCount} cores; the silo's memory: {silo.Memory().Now} MiB");
        Console.WriteLine($"{"request",-44} {"requests",9} {"p50",9} {"p99",9} {"max",9}");
        await Measure(http, "a page of 100, from the first to the last", 1, "searchclusters?limit=100", cancellationToken);
        await Measure(http, $"the same, {plan.Callers} callers at once", plan.Callers, "searchclusters?limit=100", cancellationToken);
        await Measure(http, "of one namespace", 1, "searchclusters?limit=100&namespace=team-7", cancellationToken);
        await Measure(http, "whose name begins with", 1, "searchclusters?limit=100&name=search-00", cancellationToken);
        await Measure(http, "with a verdict that most have", 1, "searchclusters?limit=100&verdict=Healthy", cancellationToken);
        await Measure(http, "with a verdict that none has (5,000 a page)", 1, "searchclusters?limit=100&verdict=Critical", cancellationToken);
        await Measure(http, "one resource and its status", 1, "searchclusters/team-7/search-00007", cancellationToken);
        await Measure(http, "its history of a day", 1, "searchclusters/team-7/search-00007/history", cancellationToken);
        await Measure(http, "the summary", 1, "summary", cancellationToken);
    }

    private void Create(KubernetesApi api, PretendCluster cluster)
    {
        for (var space = 0; space < plan.Namespaces; space++)
        {
            var manifests = new StringBuilder($"apiVersion: v1\nkind: Namespace\nmetadata: {{name: team-{space}}}\n");
            for (var number = space; number < plan.Resources; number += plan.Namespaces)
            {
                manifests.Append(CultureInfo.InvariantCulture, $$"""
                    ---
                    apiVersion: clustergrains.io/v1alpha1
                    kind: SearchCluster
                    metadata: {name: search-{{number:D5}}, namespace: team-{{space}}}
                    spec: {endpoints: ["{{cluster.Url}}"], schedule: {interval: 30m} }

                    """);
            }

            api.Seed(manifests.ToString());
        }
    }

    /// <summary>Waits until something is said of every resource.</summary>
    private async Task Checked(HttpClient http, SiloProcess silo, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Glance, TimeProvider.System, cancellationToken);
            if (silo.HasEnded)
            {
                throw new InvalidOperationException("The silo has ended.");
            }

            try
            {
                var summary = await http.GetFromJsonAsync<JsonObject>("summary", cancellationToken);
                var clusters = summary!["kinds"]!["SearchCluster"]!;
                if ((int)clusters["total"]! == plan.Resources && (int)clusters["verdicts"]!["Unknown"]! == 0)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It is starting.
            }
        }
    }

    private async Task Measure(HttpClient http, string what, int callers, string path, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Walk(http, path, Warmup / callers, cancellationToken)));
        var walks = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Walk(http, path, plan.Requests / callers, cancellationToken)));
        var times = walks.SelectMany(walk => walk).Order().ToList();
        Console.WriteLine($"{what,-44} {times.Count,9:N0} {At(0.5)} {At(0.99)} {At(1)}");

        string At(double share) => string.Create(CultureInfo.InvariantCulture, $"{times[(int)((times.Count - 1) * share)].TotalMilliseconds,6:0.0} ms");
    }

    /// <summary>Page after page, beginning anew behind the last. Each time is that of the whole body.</summary>
    private static async Task<List<TimeSpan>> Walk(HttpClient http, string path, int requests, CancellationToken cancellationToken)
    {
        var times = new List<TimeSpan>();
        string? token = null;
        while (times.Count < requests)
        {
            var started = TimeProvider.System.GetTimestamp();
            var body = await http.GetStringAsync(token is null ? path : $"{path}&continue={token}", cancellationToken);
            times.Add(TimeProvider.System.GetElapsedTime(started));
            token = path.StartsWith("searchclusters?", StringComparison.Ordinal) ? (string?)JsonNode.Parse(body)!["continue"] : null;
        }

        return times;
    }
}
