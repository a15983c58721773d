using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Hosting;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Sandbox.Kubernetes;
using ClusterGrains.Tests.Storage;
using Orleans.Runtime;
using ApiAnswer = ClusterGrains.Tests.Sandbox.Kubernetes.ApiAnswer;

namespace ClusterGrains.Tests.Verification;

/// <summary>A fleet in good order, of any size: CLUSTERGRAINS_TEST_RESOURCES=10000 has 100,000 records.</summary>
public sealed class VerifyScaleTests(ITestOutputHelper output)
{
    private const int Records = 10;

    private static int Resources => int.Parse(
        Environment.GetEnvironmentVariable("CLUSTERGRAINS_TEST_RESOURCES") ?? "60", CultureInfo.InvariantCulture);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_large_fleet_is_looked_at_in_one_go()
    {
        using var folder = new TestFolder();
        await using var api = await KubernetesApi.Start(new KubernetesApiOptions { DataFolder = folder.Path }, Cancellation);
        using var client = new ApiClient(api.Kubeconfig);
        using var database = new TestDatabase(Path.Combine(folder.Path, "state.db"), contexts: SearchClusterJson.Default).Open();
        await Parallel.ForAsync(0, Resources, Cancellation, async (number, _) => await Add(number, folder.Path, api, client, database));

        await using var verify = VerifyHost.Build(
        [
            $"--Kubernetes:Kubeconfig={api.KubeconfigPath}",
            $"--Storage:Sqlite:Path={database.Path}",
            $"--History:Uri=file://{folder.Path}/history",
        ]);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var started = TimeProvider.System.GetTimestamp();
        var report = await verify.Verifier.Look([], Cancellation);

        output.WriteLine($"{report.Lines().Last()} {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s, "
            + $"{(GC.GetTotalAllocatedBytes() - before) >> 20} MiB allocated, peak {Environment.WorkingSet >> 20} MiB");
        Assert.Empty(report.Violations);
        Assert.Equal((Resources, Resources, (long)Resources * Records), (report.Rows, report.Live, report.Objects));
    }

    /// <summary>One resource with all that it leaves everywhere.</summary>
    private static async Task Add(int number, string folder, KubernetesApi api, ApiClient client, TestDatabase database)
    {
        var (name, path) = ($"logs-{number}", $"/apis/clustergrains.io/v1alpha1/namespaces/default/searchclusters/logs-{number}");
        api.Seed($$"""
            {"apiVersion": "clustergrains.io/v1alpha1", "kind": "SearchCluster", "metadata": {"name": "{{name}}", "namespace": "default"},
             "spec": {"endpoints": ["http://search.test:9200"]} }
            """);
        var state = State(Live(await client.Get(path)), folder);

        var row = new GrainState<ResourceState<SearchClusterWork>>(state, null!);
        var grain = GrainId.Create(SearchClusters.Kind.GrainType, $"default/{name}");
        await database.Storage.WriteStateAsync("searchcluster", grain, row, Cancellation);
        await database.Reminders.UpsertRow(
            new ReminderEntry { GrainId = grain, ReminderName = "run", StartAt = DateTime.UtcNow, Period = TimeSpan.FromMinutes(5) }, Cancellation);
        await client.Patch($"{path}/status", new JsonObject { ["status"] = SearchClusterStatus.Document(state) }.ToJsonString());
    }

    private static Manifest Live(ApiAnswer answer)
    {
        using var json = JsonDocument.Parse(answer.Text);
        return ManifestJson.Read(json.RootElement, out _)!;
    }

    private static ResourceState<SearchClusterWork> State(Manifest live, string folder)
    {
        var state = new ResourceState<SearchClusterWork>
        {
            Kind = SearchClusters.Kind.Name,
            Phase = ResourcePhase.Active,
            Manifest = live,
            Accepted = new AcceptedSpec(1, """{"endpoints":["http://search.test:9200"],"schedule":{"interval":"5m"}}"""),
            Revision = Records,
        };
        for (var record = 0; record < Records; record++)
        {
            var run = Ulid.NewUlid().ToString();
            state = state.Append(Tests.History.Records.Check(live.Uid, runId: run) with
            {
                Target = new HistoryTarget(SearchClusters.Kind.Name, "default", live.Name, live.Uid, null, null, null), FinishedAt = DateTimeOffset.UtcNow,
            }) with
            {
                LastRun = new ClosedRun(run, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, RunOutcome.Completed),
            };
        }

        foreach (var entry in state.Outbox.Entries)
        {
            var file = Path.Combine(folder, "history", entry.Key);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, entry.Body);
        }

        return state.Drop([.. state.Outbox.Entries.Select(entry => entry.Key)]);
    }
}
