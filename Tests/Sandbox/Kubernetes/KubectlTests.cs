using ClusterGrains.Sandbox.Kubernetes;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

/// <summary>What a person does with kubectl, against the sandbox with the CRDs this program ships.</summary>
public sealed class KubectlTests : IAsyncLifetime
{
    private const string Logs = """
        apiVersion: clustergrains.io/v1alpha1
        kind: SearchCluster
        metadata: {name: logs, labels: {team: a}}
        spec:
          endpoints: ["http://127.0.0.1:9200"]
          schedule: {interval: 5m}
        """;

    private KubernetesApi _api = null!;
    private Kubectl _kubectl = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await KubernetesApi.Start(new KubernetesApiOptions(), TestContext.Current.CancellationToken);
        _kubectl = new Kubectl(_api.Kubeconfig);
    }

    public async ValueTask DisposeAsync()
    {
        _kubectl?.Dispose();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task Api_resources_shows_kinds_with_short_names_and_categories()
    {
        var all = await _kubectl.Run("api-resources");
        Assert.Matches(@"searchclusters +scl +clustergrains.io/v1alpha1 +true +SearchCluster", all);
        Assert.Matches(@"configmaps +cm +v1 +true +ConfigMap", all);

        Assert.Contains("searchclusters", await _kubectl.Run("api-resources", "--categories=search"), StringComparison.Ordinal);
        Assert.Contains("v1.32.0-sandbox", await _kubectl.Run("version"), StringComparison.Ordinal);
        Assert.Contains("searchclusters.clustergrains.io", await _kubectl.Run("get", "crd"), StringComparison.Ordinal);
        await _kubectl.Run("wait", "--for=condition=Established", "crd/searchclusters.clustergrains.io", "--timeout=20s");
    }

    [Fact]
    public async Task Get_prints_tables_wide_tables_yaml_json_and_names()
    {
        await Apply(Logs);

        var table = (await _kubectl.Run("get", "scl")).Split('\n');
        Assert.Equal(["NAME", "VERDICT", "REASON", "HEALTH", "VERSION", "DISK%", "CHECKED", "AGE"], Words(table[0]));
        Assert.StartsWith("logs", table[1], StringComparison.Ordinal);
        Assert.EndsWith("HISTORY", (await _kubectl.Run("get", "scl", "-o", "wide")).Split('\n')[0].TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("interval: 5m", await _kubectl.Run("get", "scl", "logs", "-o", "yaml"), StringComparison.Ordinal);
        Assert.Contains("\"interval\": \"5m\"", await _kubectl.Run("get", "scl", "-o", "json"), StringComparison.Ordinal);
        Assert.Equal("searchcluster.clustergrains.io/logs\n", await _kubectl.Run("get", "scl", "-o", "name"));
        Assert.Contains("NAMESPACE", await _kubectl.Run("get", "search", "-A"), StringComparison.Ordinal);
        Assert.Equal("a", await _kubectl.Run("get", "scl", "logs", "-o", "jsonpath={.metadata.labels.team}"));
        Assert.Contains("No resources found", (await _kubectl.Try("get", "scl", "-n", "kube-system")).Error, StringComparison.Ordinal);
        Assert.Contains("searchclusters.clustergrains.io \"nope\" not found", await _kubectl.Fail("get", "scl", "nope"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_selects_by_label_and_sorts()
    {
        await Apply(Logs);
        await Apply(Logs.Replace("logs", "apps", StringComparison.Ordinal).Replace("team: a", "team: b", StringComparison.Ordinal));

        Assert.Equal("searchcluster.clustergrains.io/apps\n", await _kubectl.Run("get", "scl", "-l", "team notin (a)", "-o", "name"));
        var sorted = await _kubectl.Run("get", "scl", "--sort-by=.metadata.labels.team", "--no-headers");
        Assert.Equal(["logs", "apps"], sorted.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Words(line)[0]));
    }

    [Fact]
    public async Task Get_w_shows_each_change_as_it_comes()
    {
        await Apply(Logs);
        using var watch = _kubectl.Start("get", "scl", "logs", "-w", "-o", "jsonpath={.spec.schedule.interval}{\"\\n\"}");
        try
        {
            Assert.Equal("5m", await NextLine(watch.StandardOutput));
            await _kubectl.Run("patch", "scl", "logs", "--type=merge", "-p", """{"spec":{"schedule":{"interval":"7m"}}}""");
            Assert.Equal("7m", await NextLine(watch.StandardOutput));
        }
        finally
        {
            watch.Kill();
        }
    }

    [Fact]
    public async Task Get_w_of_a_table_prints_columns_once_and_a_row_per_change()
    {
        await Apply(Logs);
        using var watch = _kubectl.Start("get", "scl", "-w");
        try
        {
            Assert.StartsWith("NAME", await NextLine(watch.StandardOutput), StringComparison.Ordinal);
            Assert.StartsWith("logs", await NextLine(watch.StandardOutput), StringComparison.Ordinal);
            await _kubectl.Run("label", "scl", "logs", "x=y");
            Assert.StartsWith("logs", await NextLine(watch.StandardOutput), StringComparison.Ordinal);
        }
        finally
        {
            watch.Kill();
        }
    }

    [Fact]
    public async Task Describe_shows_the_events_of_an_object()
    {
        await Apply(Logs);
        var uid = await _kubectl.Run("get", "scl", "logs", "-o", "jsonpath={.metadata.uid}");
        await Apply($"""
            apiVersion: v1
            kind: Event
            metadata: {"{"}name: logs.1{"}"}
            involvedObject: {"{"}apiVersion: clustergrains.io/v1alpha1, kind: SearchCluster, namespace: default, name: logs, uid: {uid}{"}"}
            type: Warning
            reason: ClusterRed
            message: 3 shards have no node
            count: 1
            source: {"{"}component: clustergrains{"}"}
            firstTimestamp: "2026-01-01T00:00:00Z"
            lastTimestamp: "2026-01-01T00:00:00Z"
            """);

        var described = await _kubectl.Run("describe", "scl", "logs");
        Assert.Matches(@"Warning +ClusterRed +.* +clustergrains +3 shards have no node", described);
        Assert.Contains("searchcluster/logs", await _kubectl.Run("get", "events"), StringComparison.Ordinal);
        Assert.Contains("ClusterRed", await _kubectl.Run("events", "--for", "searchcluster/logs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_shows_the_schema()
    {
        var explained = await _kubectl.Run("explain", "searchcluster.spec.schedule");
        Assert.Contains("interval", explained, StringComparison.Ordinal);
        Assert.Contains("<string>", explained, StringComparison.Ordinal);
        Assert.Contains("endpoints", await _kubectl.Run("explain", "scl", "--recursive"), StringComparison.Ordinal);
        Assert.Contains("stringData", await _kubectl.Run("explain", "secret"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_refuses_what_is_there_and_names_invalid_fields()
    {
        var file = _kubectl.File("logs.yaml", Logs);
        Assert.Contains("created", await _kubectl.Run("create", "-f", file), StringComparison.Ordinal);
        Assert.Contains("already exists", await _kubectl.Fail("create", "-f", file), StringComparison.Ordinal);

        var invalid = _kubectl.File("invalid.yaml", Logs
            .Replace("logs", "bad", StringComparison.Ordinal)
            .Replace("interval: 5m", "interval: soon", StringComparison.Ordinal));
        Assert.Contains("spec.schedule.interval: Invalid value: \"soon\"", await _kubectl.Fail("create", "-f", invalid), StringComparison.Ordinal);
        var unknown = _kubectl.File("unknown.yaml", Logs + "\n  endpoint: x");
        Assert.Contains("unknown field \"spec.endpoint\"", await _kubectl.Fail("create", "-f", unknown), StringComparison.Ordinal);
        var tooLong = _kubectl.File("long.yaml", Logs.Replace("logs", new string('x', 64), StringComparison.Ordinal));
        Assert.Contains("metadata.name: Too long", await _kubectl.Fail("create", "-f", tooLong), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_creates_updates_and_leaves_unchanged_things_alone()
    {
        var file = _kubectl.File("logs.yaml", Logs);
        Assert.Contains("created", await _kubectl.Run("apply", "-f", file), StringComparison.Ordinal);
        Assert.Contains("unchanged", await _kubectl.Run("apply", "-f", file), StringComparison.Ordinal);
        var edited = _kubectl.File("edited.yaml", Logs.Replace("5m", "6m", StringComparison.Ordinal));
        Assert.Contains("configured", await _kubectl.Run("apply", "-f", edited), StringComparison.Ordinal);
        Assert.Equal("6m 2", await _kubectl.Run("get", "scl", "logs", "-o", "jsonpath={.spec.schedule.interval} {.metadata.generation}"));

        const string Secret = """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"stringData":{"user":"admin"}}""";
        await Apply(Secret);
        await Apply(Secret.Replace("admin", "other", StringComparison.Ordinal));
        Assert.Equal("b3RoZXI=", await _kubectl.Run("get", "secret", "s", "-o", "jsonpath={.data.user}"));
        await _kubectl.Run("annotate", "secret", "s", "note=x");
    }

    [Fact]
    public async Task Server_side_apply_takes_over_from_client_side_and_meets_conflicts()
    {
        var file = _kubectl.File("logs.yaml", Logs);
        await _kubectl.Run("apply", "-f", file);
        Assert.Contains("serverside-applied", await _kubectl.Run("apply", "--server-side", "-f", file), StringComparison.Ordinal);

        await _kubectl.Run("patch", "scl", "logs", "--type=merge", "-p", """{"spec":{"schedule":{"interval":"9m"}}}""");
        var conflict = await _kubectl.Fail("apply", "--server-side", "-f", file);
        Assert.Contains("conflict with \"kubectl-patch\" using clustergrains.io/v1alpha1: .spec.schedule.interval", conflict, StringComparison.Ordinal);
        await _kubectl.Run("apply", "--server-side", "--force-conflicts", "-f", file);
        Assert.Equal("5m", await _kubectl.Run("get", "scl", "logs", "-o", "jsonpath={.spec.schedule.interval}"));
    }

    [Fact]
    public async Task Edit_changes_the_object_through_an_editor()
    {
        await Apply(Logs);
        _kubectl.EditWith("s/interval: 5m/interval: 8m/");
        Assert.Contains("edited", await _kubectl.Run("edit", "scl", "logs"), StringComparison.Ordinal);
        Assert.Equal("8m", await _kubectl.Run("get", "scl", "logs", "-o", "jsonpath={.spec.schedule.interval}"));
    }

    [Fact]
    public async Task Patch_annotate_and_label_change_what_they_say()
    {
        await Apply(Logs);
        await _kubectl.Run("patch", "scl", "logs", "--type=json", "-p", """[{"op":"replace","path":"/spec/suspend","value":true}]""");
        await _kubectl.Run("annotate", "scl", "logs", "clustergrains.io/run-now=1");
        await _kubectl.Run("label", "scl", "logs", "team=b", "--overwrite");
        await _kubectl.Run("label", "scl", "logs", "team-");
        await _kubectl.Run("patch", "scl", "logs", "--subresource=status", "--type=merge", "-p", """{"status":{"verdict":"Healthy"}}""");

        var read = "jsonpath={.spec.suspend} {.metadata.annotations.clustergrains\\.io/run-now} {.metadata.labels.team} {.metadata.generation} {.status.verdict}";
        Assert.Equal("true 1  2 Healthy", await _kubectl.Run("get", "scl", "logs", "-o", read));
        Assert.Contains("Healthy", await _kubectl.Run("get", "scl", "logs", "--subresource=status"), StringComparison.Ordinal);
        Assert.Contains("strategic-merge-patch+json is not supported", await _kubectl.Fail("patch", "scl", "logs", "-p", "{}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replace_puts_the_file_in_place_and_with_force_makes_a_new_object()
    {
        await Apply(Logs);
        var before = await _kubectl.Run("get", "scl", "logs", "-o", "jsonpath={.metadata.uid}");
        var file = _kubectl.File("replaced.yaml", Logs.Replace("5m", "3m", StringComparison.Ordinal));
        await _kubectl.Run("replace", "-f", file);
        Assert.Equal($"3m {before}", await _kubectl.Run("get", "scl", "logs", "-o", "jsonpath={.spec.schedule.interval} {.metadata.uid}"));

        await _kubectl.Run("replace", "--force", "-f", file);
        Assert.NotEqual(before, await _kubectl.Run("get", "scl", "logs", "-o", "jsonpath={.metadata.uid}"));
    }

    [Fact]
    public async Task Delete_returns_when_the_object_is_gone()
    {
        await Apply(Logs);
        Assert.Contains("deleted", await _kubectl.Run("delete", "scl", "logs"), StringComparison.Ordinal);
        Assert.Contains("NotFound", await _kubectl.Fail("get", "scl", "logs"), StringComparison.Ordinal);

        await Apply("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"search"}}""");
        await Apply(Logs.Replace("name: logs", "name: logs, namespace: search", StringComparison.Ordinal));
        await _kubectl.Run("delete", "namespace", "search", "--timeout=30s");
        Assert.Contains("NotFound", await _kubectl.Fail("get", "namespace", "search"), StringComparison.Ordinal);
        Assert.DoesNotContain("logs", await _kubectl.Run("get", "scl", "-A"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_sees_conditions_and_deletions()
    {
        await Apply(Logs);
        var wait = _kubectl.Run("wait", "--for=condition=Ready", "scl/logs", "--timeout=60s");
        await _kubectl.Run("patch", "scl", "logs", "--subresource=status", "--type=merge", "-p",
            """{"status":{"conditions":[{"type":"Ready","status":"True","reason":"R","message":"","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}""");
        Assert.Contains("condition met", await wait, StringComparison.Ordinal);

        var gone = _kubectl.Run("wait", "--for=delete", "scl/logs", "--timeout=60s");
        await UntilWatched();
        await _kubectl.Run("delete", "scl", "logs");
        await gone;
    }

    [Fact]
    public async Task Dry_run_and_diff_change_nothing()
    {
        await Apply(Logs);
        var edited = _kubectl.File("edited.yaml", Logs.Replace("5m", "6m", StringComparison.Ordinal));
        Assert.Contains("server dry run", await _kubectl.Run("apply", "--dry-run=server", "-f", edited), StringComparison.Ordinal);
        var (code, difference, _) = await _kubectl.Try("diff", "-f", edited);
        Assert.Equal(1, code);
        Assert.Contains("+    interval: 6m", difference, StringComparison.Ordinal);
        Assert.Equal("5m 1", await _kubectl.Run("get", "scl", "logs", "-o", "jsonpath={.spec.schedule.interval} {.metadata.generation}"));
    }

    /// <summary>kubectl looks before it watches; a deletion must not come before it has looked.</summary>
    private async Task UntilWatched()
    {
        var feeds = 0;
        for (var attempt = 0; feeds == 0; attempt++)
        {
            Assert.True(attempt < 1_200, "kubectl did not watch within a minute.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
            _api.Store.ForEachFeed((_, _) => feeds++);
        }
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string?> NextLine(StreamReader output) => await output
        .ReadLineAsync(TestContext.Current.CancellationToken).AsTask()
        .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    private Task<string> Apply(string yaml) => _kubectl.Run("apply", "-f", _kubectl.File($"{Guid.NewGuid():N}.yaml", yaml));
}
