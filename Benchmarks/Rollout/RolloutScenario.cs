using System.Text;
using System.Text.Json;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Sandbox.Clusters.Indices;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Tests.Hosting;
using k8s;
using k8s.Models;

namespace ClusterGrains.Benchmarks.Rollout;

/// <summary>
/// A version, the next one, a rollback by <c>pin</c> and back again: a real silo process, the sandbox's Kubernetes API and
/// a pretend cluster in this one. Every document that arrived is compared with the one that was written.
/// </summary>
internal sealed class RolloutScenario(RolloutPlan plan)
{
    private const string Name = "products";
    private const string First = "2026-11-20";
    private const string Second = "2026-11-21";

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    public Task<int> Run(CancellationToken cancellationToken) => ScratchFolder.Use("rollout", root => Run(root, cancellationToken));

    private async Task Run(string root, CancellationToken cancellationToken)
    {
        await using var api = await KubernetesApi.Start(new KubernetesApiOptions { DataFolder = root }, cancellationToken);
        await using var cluster = await PretendCluster.Start("search", PretendEngine.OpenSearch2, cancellationToken);
        var source = Path.Combine(root, "source");
        var feed = new Feed(plan, source);
        using var kubectl = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(api.KubeconfigPath));
        var (documents, more) = (plan.Documents, plan.Documents + plan.Documents / 100);
        var bytes = await feed.Publish(First, documents, cancellationToken);
        Console.WriteLine($"{documents:N0} documents in {plan.Files} files of {bytes >> 20} MiB in {(plan.S3 is null ? "a folder" : "S3")}, {Environment.ProcessorCount} cores");
        Create(api, cluster, feed);
        await using var silo = SiloProcess.Start([
            $"--Kubernetes:Kubeconfig={api.KubeconfigPath}",
            $"--Storage:Sqlite:Path={Path.Combine(root, "state.db")}",
            $"--History:Uri=file://{Path.Combine(root, "history")}",
            $"--Datasets:FileRoots:0={source}",
            "--Checks:MinimumInterval=1s",
            "--Status:Refresh=1s",
            "--Endpoints:AllowLoopback=true",
            "--Http:Port=0",
            "--Management:Port=0",
            "--Orleans:SiloPort=0",
            "--Logging:LogLevel:Default=None"]);

        await Step("the first version", First, documents);
        await feed.Publish(Second, more, cancellationToken);
        await Step("the second version", Second, more);
        await Pin(kubectl, First, cancellationToken);
        await Step("back by pin", First, documents);
        await Pin(kubectl, null, cancellationToken);
        await Step("on without pin", Second, more);

        async Task Step(string what, string version, int expected)
        {
            var started = TimeProvider.System.GetTimestamp();
            await Promoted(kubectl, silo, version, cancellationToken);
            var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
            var (now, peak) = ProcessMemory.Of(silo.Id);
            Compare(cluster.Indices, version, expected);
            Console.WriteLine(
                $"{what,-20} {seconds,6:0.0} s, {expected:N0} documents, each there once, byte for byte; "
                + $"the silo's memory: {now} MiB, at most {peak} MiB");
        }
    }

    private void Create(KubernetesApi api, PretendCluster cluster, Feed feed)
    {
        if (plan.S3 is { } s3)
        {
            api.Seed($$"""
                apiVersion: v1
                kind: Secret
                metadata: {name: feed, namespace: default, labels: {clustergrains.io/allow: "true"} }
                data: {accessKey: {{Base64(s3.AccessKey)}}, secretKey: {{Base64(s3.SecretKey)}} }
                """);
        }

        api.Seed($$"""
            apiVersion: clustergrains.io/v1alpha1
            kind: SearchCluster
            metadata: {name: search, namespace: default}
            spec: {endpoints: ["{{cluster.Url}}"], schedule: {interval: 1m} }
            ---
            apiVersion: clustergrains.io/v1alpha1
            kind: SearchDataset
            metadata: {name: {{Name}}, namespace: default}
            spec:
              clusterRef: {name: search}
              alias: {{Name}}
              source: {{feed.Source}}
              schedule: {interval: 1s}
            """);
    }

    private static async Task Promoted(k8s.Kubernetes kubectl, SiloProcess silo, string version, CancellationToken cancellationToken)
    {
        while (true)
        {
            var dataset = (JsonElement)await kubectl.CustomObjects.GetNamespacedCustomObjectAsync(
                ResourceKind.Group, ResourceKind.Version, "default", "searchdatasets", Name, cancellationToken);
            if (dataset.TryGetProperty("status", out var status) && !status.TryGetProperty("candidate", out _)
                && status.TryGetProperty("published", out var published) && published.GetProperty("version").GetString() == version)
            {
                return;
            }

            if (silo.HasEnded || status.ValueKind is JsonValueKind.Object && status.TryGetProperty("failed", out _))
            {
                throw new InvalidOperationException($"{version} was not promoted: {status}");
            }

            await Task.Delay(Glance, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task Pin(k8s.Kubernetes kubectl, string? version, CancellationToken cancellationToken)
    {
        var patch = JsonSerializer.Serialize(new { spec = new { rollout = new { pin = version } } });
        await kubectl.CustomObjects.PatchNamespacedCustomObjectAsync(
            new V1Patch(patch, V1Patch.PatchType.MergePatch),
            ResourceKind.Group,
            ResourceKind.Version,
            "default",
            "searchdatasets",
            Name,
            cancellationToken: cancellationToken);
    }

    private static void Compare(PretendIndices indices, string version, int expected)
    {
        var documents = indices.Aliased(Name).Single().Documents;
        for (var number = 0; number < expected; number++)
        {
            if (documents.Find(Feed.Id(number)) is not { Received: 1 } arrived || !arrived.Source.Span.SequenceEqual(Feed.Document(version, number)))
            {
                throw new InvalidOperationException($"{Feed.Id(number)} of {version} did not arrive once and as it was written.");
            }
        }

        if (documents.Visible != expected)
        {
            throw new InvalidOperationException($"{documents.Visible} documents are there, not {expected}.");
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
