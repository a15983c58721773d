using System.Globalization;
using System.Text;
using ClusterGrains.Hosting;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Tests.Hosting;

namespace ClusterGrains.Benchmarks.Fleet;

/// <summary>
/// Asks the fleet API of a silo process over TLS, with a token, while it goes on checking its fleet, and prints how long the answers
/// took. The Kubernetes API, which is asked about every caller, and the one pretend cluster that all resources name are the sandbox's,
/// in this process.
/// </summary>
internal sealed class FleetScenario(FleetPlan plan)
{
    private const int Warmup = 200;

    /// <summary>The first so many namespaces are those of one caller; the other one may see all.</summary>
    private const int OwnNamespaces = 10;

    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    public Task<int> Run(CancellationToken cancellationToken) => ScratchFolder.Use("fleet", root => Run(root, cancellationToken));

    private async Task Run(string root, CancellationToken cancellationToken)
    {
        await using var api = await KubernetesApi.Start(new KubernetesApiOptions { DataFolder = root }, cancellationToken);
        await using var cluster = await PretendCluster.Start("search", PretendEngine.OpenSearch2, cancellationToken);
        Create(api, cluster);
        using var tls = new TlsFolder();
        var port = Ports.Free();
        await using var silo = SiloProcess.Start([
            .. tls.Settings,
            $"--Kubernetes:Kubeconfig={api.KubeconfigPath}",
            $"--Storage:Sqlite:Path={Path.Combine(root, "state.db")}",
            $"--History:Uri=file://{Path.Combine(root, "history")}",
            "--Endpoints:AllowLoopback=true",
            string.Create(CultureInfo.InvariantCulture, $"--Http:Port={port}"),
            "--Management:Port=0",
            "--Orleans:SiloPort=0",
            "--Logging:LogLevel:Default=None"]);
        using var reader = FleetCaller.Create(api, tls, port, "reader", []);
        using var team = FleetCaller.Create(api, tls, port, "team", [.. Enumerable.Range(0, OwnNamespaces).Select(Namespace)]);

        var started = TimeProvider.System.GetTimestamp();
        await Checked(reader, silo, cancellationToken);
        Console.WriteLine(
            $"{plan.Resources:N0} resources in {plan.Namespaces} namespaces, each checked once after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s; "
            + $"{Environment.ProcessorCount} cores; the silo's memory: {ProcessMemory.Of(silo.Id).Now} MiB");
        Console.WriteLine($"{"request",-44} {"requests",9} {"p50",9} {"p99",9} {"max",9}");
        await Measure(reader, "a page of 100, from the first to the last", 1, "searchclusters?limit=100", cancellationToken);
        await Measure(reader, $"the same, {plan.Callers} callers at once", plan.Callers, "searchclusters?limit=100", cancellationToken);
        await Measure(team, $"of a caller who may see {OwnNamespaces} namespaces", 1, "searchclusters?limit=100", cancellationToken);
        await Measure(reader, "of one namespace", 1, "searchclusters?limit=100&namespace=team-7", cancellationToken);
        await Measure(reader, "whose name begins with", 1, "searchclusters?limit=100&name=search-00", cancellationToken);
        await Measure(reader, "with a verdict that most have", 1, "searchclusters?limit=100&verdict=Healthy", cancellationToken);
        await Measure(reader, "with a verdict that none has (5,000 a page)", 1, "searchclusters?limit=100&verdict=Critical", cancellationToken);
        await Measure(reader, "one resource and its status", 1, "searchclusters/team-7/search-00007", cancellationToken);
        await Measure(reader, "its history of a day", 1, "searchclusters/team-7/search-00007/history", cancellationToken);
        await Measure(reader, "the summary", 1, "summary", cancellationToken);
    }

    private static string Namespace(int number) => string.Create(CultureInfo.InvariantCulture, $"team-{number}");

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
                    metadata: {name: search-{{number:D5}}, namespace: {{Namespace(space)}}}
                    spec: {endpoints: ["{{cluster.Url}}"], schedule: {interval: 30m} }

                    """);
            }

            api.Seed(manifests.ToString());
        }
    }

    /// <summary>Waits until something is said of every resource.</summary>
    private async Task Checked(FleetCaller caller, SiloProcess silo, CancellationToken cancellationToken)
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
                var summary = await caller.Ask("summary", cancellationToken);
                var clusters = summary["kinds"]!["SearchCluster"]!;
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

    private async Task Measure(FleetCaller caller, string what, int callers, string path, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => caller.Walk(path, Warmup / callers, cancellationToken)));
        var walks = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => caller.Walk(path, plan.Requests / callers, cancellationToken)));
        var times = walks.SelectMany(walk => walk).Order().ToList();
        Console.WriteLine($"{what,-44} {times.Count,9:N0} {At(0.5)} {At(0.99)} {At(1)}");

        string At(double share) => string.Create(CultureInfo.InvariantCulture, $"{times[(int)((times.Count - 1) * share)].TotalMilliseconds,6:0.0} ms");
    }
}
