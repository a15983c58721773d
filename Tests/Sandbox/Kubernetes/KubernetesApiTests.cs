using System.Net;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

/// <summary>What only the sandbox does: survive restarts, misbehave when asked, keep up.</summary>
public sealed class KubernetesApiTests
{
    private const string Collection = "/apis/clustergrains.io/v1alpha1/namespaces/default/searchclusters";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restart_keeps_objects_versions_and_the_kubeconfig()
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-api");
        try
        {
            var options = new KubernetesApiOptions { DataFolder = folder.FullName };
            string kubeconfig, kept, url;
            await using (var api = await KubernetesApi.Start(options, Cancellation))
            {
                using var client = new ApiClient(api.Kubeconfig);
                await client.Post(Collection, Cluster("gone"));
                await client.Delete(Collection + "/gone");
                kept = (await client.Post(Collection, Cluster("kept"))).Expect(HttpStatusCode.Created).Text;
                (kubeconfig, url) = (await File.ReadAllTextAsync(api.KubeconfigPath!, Cancellation), api.Url);
            }

            await using var again = await KubernetesApi.Start(options, Cancellation);
            using var later = new ApiClient(kubeconfig.Replace(url, again.Url, StringComparison.Ordinal));
            var read = (await later.Get(Collection + "/kept")).Expect(HttpStatusCode.OK);
            Assert.Equal(kept, read.Text);
            (await later.Get(Collection + "/gone")).Expect(HttpStatusCode.NotFound);
            var next = await later.Patch(Collection + "/kept", """{"spec":{"suspend":true}}""");
            Assert.True(long.Parse(next.Version, null) > long.Parse(read.Version, null));

            using var watch = await later.Watch($"{Collection}?watch=true&resourceVersion=3");
            Assert.Equal("ERROR", (await watch.Next()).Type);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task After_an_upgrade_older_objects_are_read_by_the_newer_definition()
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-api");
        try
        {
            var options = new KubernetesApiOptions { DataFolder = folder.FullName };
            var older = Yaml.Documents(TestResource.Text("recorded/crd.yaml")).ToList();
            await using (var api = await KubernetesApi.Start(options with { Crds = older }, Cancellation))
            {
                var cluster = Cluster("old");
                cluster.Member("spec")!["interval"] = "9m";
                api.Seed(cluster.ToJsonString());
            }

            await using var again = await KubernetesApi.Start(options, Cancellation);
            using var client = new ApiClient(again.Kubeconfig);
            var spec = (await client.Get(Collection + "/old")).Expect(HttpStatusCode.OK).Json.Member("spec")!;
            Assert.Null(spec["interval"]);
            Assert.Equal("5m", spec.Member("schedule")!.Text("interval"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_line_cut_off_by_a_crash_costs_only_that_line()
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-api");
        try
        {
            var options = new KubernetesApiOptions { DataFolder = folder.FullName };
            await using (var api = await KubernetesApi.Start(options, Cancellation))
            {
                api.Seed(Cluster("kept").ToJsonString());
            }

            var journal = Path.Combine(folder.FullName, "kubernetes", "objects.jsonl");
            await File.AppendAllTextAsync(journal, "{\"kind\":\"searchclusters.clustergrains.io\",\"revision\":99,\"obj", Cancellation);
            await using var again = await KubernetesApi.Start(options, Cancellation);
            using var client = new ApiClient(again.Kubeconfig);
            (await client.Get(Collection + "/kept")).Expect(HttpStatusCode.OK);
            (await client.Post(Collection, Cluster("new"))).Expect(HttpStatusCode.Created);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Faults_are_met_by_the_next_requests_in_their_scope_and_by_no_more()
    {
        await using var api = await KubernetesApi.Start(new KubernetesApiOptions(), Cancellation);
        using var client = new ApiClient(api.Kubeconfig);
        var faults = """{"answer":{"status":429,"count":2,"retryAfterSeconds":1,"method":"GET","path":"searchclusters"}}""";
        (await client.Send(HttpMethod.Post, "/sandbox/faults", faults)).Expect(HttpStatusCode.OK);

        (await client.Post(Collection, Cluster("a"))).Expect(HttpStatusCode.Created);
        var refused = (await client.Get(Collection)).Expect(HttpStatusCode.TooManyRequests);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        (await client.Get(Collection)).Expect(HttpStatusCode.TooManyRequests);
        (await client.Get(Collection)).Expect(HttpStatusCode.OK);
        (await client.Send(HttpMethod.Post, "/sandbox/faults", """{"watches":"sing"}""")).Expect(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_silenced_watch_swallows_changes_without_ending_and_the_next_one_works()
    {
        await using var api = await KubernetesApi.Start(new KubernetesApiOptions(), Cancellation);
        using var client = new ApiClient(api.Kubeconfig);
        await client.Post(Collection, Cluster("a"));
        using var silent = await client.Watch($"{Collection}?watch=true&timeoutSeconds=1");
        Assert.Equal(("ADDED", "a"), await silent.NextName());

        api.Faults.SilenceWatches();
        var nothing = silent.Line();
        await client.Post(Collection, Cluster("b"));
        using var open = await client.Watch($"{Collection}?watch=true&timeoutSeconds=2");
        Assert.Equal([("ADDED", "a"), ("ADDED", "b")], [await open.NextName(), await open.NextName()]);

        // The second watch has run out its time, which is longer than the first one's: that one has not.
        Assert.Null(await open.Line());
        Assert.False(nothing.IsCompleted);
    }

    [Fact]
    public async Task Watches_can_be_dropped_and_fed_what_nobody_can_decode()
    {
        await using var api = await KubernetesApi.Start(new KubernetesApiOptions(), Cancellation);
        using var client = new ApiClient(api.Kubeconfig);
        using var watch = await client.Watch($"{Collection}?watch=true");
        api.Faults.InjectUndecodable();
        await client.Post(Collection, Cluster("a"));

        Assert.Contains("\"metadata\":[", await watch.Line(), StringComparison.Ordinal);
        Assert.Equal(("ADDED", "a"), await watch.NextName());
        api.Faults.DropWatches();
        Assert.Null(await watch.Line());
    }

    [Fact]
    public async Task A_black_hole_swallows_requests_and_watches_in_its_scope_until_it_is_closed()
    {
        await using var api = await KubernetesApi.Start(new KubernetesApiOptions(), Cancellation);
        using var client = new ApiClient(api.Kubeconfig);
        using var open = await client.Watch($"{Collection}?watch=true");
        await client.Send(HttpMethod.Post, "/sandbox/faults", """{"blackHole":{"watch":true}}""");

        var silent = open.Line();
        var swallowed = client.Watch($"{Collection}?watch=true");
        (await client.Post(Collection, Cluster("a"))).Expect(HttpStatusCode.Created);
        (await client.Get(Collection)).Expect(HttpStatusCode.OK);
        await client.Send(HttpMethod.Post, "/sandbox/faults", """{"clear":true}""");
        using var later = await client.Watch($"{Collection}?watch=true");

        Assert.Equal(("ADDED", "a"), await later.NextName());
        Assert.False(silent.IsCompleted);
        Assert.False(swallowed.IsCompleted);
    }

    [Fact]
    public async Task A_restored_server_is_what_it_was_also_after_a_restart_and_tells_the_future_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-api");
        try
        {
            var options = new KubernetesApiOptions { DataFolder = folder.FullName };
            string before;
            await using (var api = await KubernetesApi.Start(options, Cancellation))
            {
                using var client = new ApiClient(api.Kubeconfig);
                const string faults = "/sandbox/faults";
                (await client.Send(HttpMethod.Post, faults, """{"data":"restore"}""")).Expect(HttpStatusCode.BadRequest);
                await client.Post(Collection, Cluster("edited"));
                await client.Post(Collection, Cluster("deleted"));
                before = (await client.Get(Collection)).Text;
                (await client.Send(HttpMethod.Post, faults, """{"data":"backup"}""")).Expect(HttpStatusCode.OK);
                await client.Patch(Collection + "/edited", """{"spec":{"suspend":true}}""");
                await client.Delete(Collection + "/deleted");
                var version = (await client.Post(Collection, Cluster("created"))).Version;
                using var open = await client.Watch($"{Collection}?watch=true&resourceVersion={version}");

                (await client.Send(HttpMethod.Post, faults, """{"data":"restore"}""")).Expect(HttpStatusCode.OK);

                Assert.Null(await open.Line());
                Assert.Equal(before, (await client.Get(Collection)).Text);
                using var future = await client.Watch($"{Collection}?watch=true&resourceVersion={version}");
                foreach (var name in new[] { "a", "b", "c", "d" })
                {
                    await client.Post(Collection, Cluster(name));
                }

                // Three changes were undone, so the fourth new one is the first that the watch has not seen.
                Assert.Equal(("ADDED", "d"), await future.NextName());
                (await client.Send(HttpMethod.Post, faults, """{"data":"restore"}""")).Expect(HttpStatusCode.OK);
            }

            await using var again = await KubernetesApi.Start(options, Cancellation);
            using var later = new ApiClient(again.Kubeconfig);
            Assert.Equal(before, (await later.Get(Collection)).Text);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Bookmarks_tell_a_quiet_watch_how_far_it_has_come()
    {
        var time = new FakeTimeProvider();
        var options = new KubernetesApiOptions { TimeProvider = time, BookmarkInterval = TimeSpan.FromSeconds(10) };
        await using var api = await KubernetesApi.Start(options, Cancellation);
        using var client = new ApiClient(api.Kubeconfig);
        using var watch = await client.Watch($"{Collection}?watch=true&allowWatchBookmarks=true&timeoutSeconds=60");
        api.Seed("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"elsewhere"}}""");

        time.Advance(TimeSpan.FromSeconds(10));
        var (type, document) = await watch.Next();
        Assert.Equal("BOOKMARK", type);
        Assert.Equal(api.Store.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture), document.Member("metadata")!.Text("resourceVersion"));
        time.Advance(TimeSpan.FromSeconds(50));
        while (await watch.Line() is { } line)
        {
            Assert.Contains("BOOKMARK", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_hundred_watches_all_see_every_change()
    {
        await using var api = await KubernetesApi.Start(new KubernetesApiOptions(), Cancellation);
        using var client = new ApiClient(api.Kubeconfig);
        await client.Post(Collection, Cluster("a"));
        var version = (await client.Get(Collection)).Version;
        var watches = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.Watch($"{Collection}?watch=true&resourceVersion={version}")));
        try
        {
            for (var i = 0; i < 50; i++)
            {
                await client.Patch(Collection + "/a", $$$$"""{"metadata":{"annotations":{"count":"{{{{i}}}}"}}}""");
            }

            var seen = await Task.WhenAll(watches.Select(async watch =>
            {
                var counts = new List<string?>();
                while (counts.Count < 50)
                {
                    counts.Add((await watch.Next()).Object.Member("metadata")!.Member("annotations")!.Text("count"));
                }

                return counts;
            }));
            Assert.All(seen, counts => Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), counts));
        }
        finally
        {
            Array.ForEach(watches, watch => watch.Dispose());
        }
    }

    [Fact]
    public async Task A_body_over_3_MiB_is_refused()
    {
        await using var api = await KubernetesApi.Start(new KubernetesApiOptions(), Cancellation);
        using var client = new ApiClient(api.Kubeconfig);
        var body = new JsonObject { ["data"] = new JsonObject { ["k"] = new string('x', 3 * 1024 * 1024) } };
        (await client.Post("/api/v1/namespaces/default/configmaps", body)).Expect(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task OpenApi_is_answered_304_to_those_who_have_it()
    {
        await using var api = await KubernetesApi.Start(new KubernetesApiOptions(), Cancellation);
        using var client = new ApiClient(api.Kubeconfig);
        var index = (await client.Get("/openapi/v3")).Expect(HttpStatusCode.OK);
        var url = index.Json.Member("paths")!.Member("apis/clustergrains.io/v1alpha1")!.Text("serverRelativeURL")!;
        var document = (await client.Get(url)).Expect(HttpStatusCode.OK);
        Assert.Contains(document.Headers.ETag!.Tag.Trim('"'), url, StringComparison.Ordinal);
        var patch = document.Json.Member("paths")!.Member("/apis/clustergrains.io/v1alpha1/namespaces/{namespace}/searchclusters/{name}")!.Member("patch")!;
        Assert.Contains("fieldValidation", patch["parameters"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("SearchCluster", patch.Member("x-kubernetes-group-version-kind")!.Text("kind"));
        (await client.Get("/openapi/v2")).Expect(HttpStatusCode.NotFound);
    }

    private static JsonObject Cluster(string name) => new()
    {
        ["apiVersion"] = "clustergrains.io/v1alpha1",
        ["kind"] = "SearchCluster",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["endpoints"] = new JsonArray("http://127.0.0.1:9200") },
    };
}
