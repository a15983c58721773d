using ClusterGrains.Sandbox.Kubernetes;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

/// <summary>What a person does with a SearchDataset and kubectl, against the sandbox with the CRDs this program ships.</summary>
public sealed class KubectlDatasetTests : IAsyncLifetime
{
    private const string Products = """
        apiVersion: clustergrains.io/v1alpha1
        kind: SearchDataset
        metadata: {name: products}
        spec:
          clusterRef: {name: search-a}
          alias: products
          source: {uri: "s3://feeds/products/", idField: sku}
          index:
            shards: 6
            settings: {analysis: {filter: {de: {type: stemmer, language: german}}}}
            mappings: {dynamic: strict, properties: {sku: {type: keyword}}}
          verify:
            minDocs: 1000
            queries:
              - {name: shoes, body: {query: {match: {title: shoe}}}, minHits: 50}
        """;

    private const string Status = """
        {"status": {
          "observedGeneration": 1, "revision": 7, "phase": "Loading", "reason": "", "message": "", "progress": "63%",
          "published": {"version": "2026-11-21", "index": "products-2026-11-21-1", "docs": 1048576, "at": "2026-01-01T00:00:00Z", "runId": "01A"},
          "candidate": {"version": "2026-11-22", "index": "products-2026-11-22-2", "runId": "01B", "attempt": 1, "kind": "Load", "step": "Load",
            "startedAt": "2026-01-01T00:00:00Z", "files": 40, "filesDone": 12, "sourceBytes": 8589934592, "docsAcked": 310222, "docsRejected": 0,
            "percent": 63, "docsPerSecond": 21000, "eta": "2026-01-01T00:10:00Z",
            "verified": {"docs": 310222, "duplicates": 0, "shrinkPercent": 2.5, "storeBytes": 1, "hits": {"shoes": 51}}},
          "retained": [{"version": "2026-11-20", "index": "products-2026-11-20-1", "docs": 1, "at": "2026-01-01T00:00:00Z"}],
          "latestSeen": "2026-11-22", "lookedAt": "2026-01-01T00:00:00Z",
          "recent": [{"runId": "01A", "version": "2026-11-21", "result": "Promoted", "docs": 1048576, "at": "2026-01-01T00:00:00Z", "historyKey": "v1/x"}],
          "history": {"pending": 0, "line": 1, "seq": 5, "lastKey": "v1/y"},
          "conditions": [{"type": "Ready", "status": "True", "reason": "Published", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}]
        }}
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
    public async Task Get_prints_what_readers_see_and_how_far_the_next_version_is()
    {
        await Apply(Products);
        await _kubectl.Run("patch", "sds", "products", "--subresource=status", "--type=merge", "-p", Status);

        var table = (await _kubectl.Run("get", "sds")).Split('\n');
        Assert.Equal(["NAME", "PHASE", "VERSION", "DOCS", "PROGRESS", "UPDATED", "READY", "AGE"], Words(table[0]));
        Assert.Equal(["products", "Loading", "2026-11-21", "1048576", "63%"], Words(table[1])[..5]);
        Assert.Equal("True", Words(table[1])[6]);

        var wide = (await _kubectl.Run("get", "sds", "-o", "wide")).Split('\n');
        Assert.Equal(["AGE", "CANDIDATE", "INDEX", "REASON", "HISTORY"], Words(wide[0])[7..]);
        Assert.Equal(["2026-11-22", "products-2026-11-21-1", "5"], Words(wide[1])[8..]);
        Assert.Contains("searchdataset.clustergrains.io/products", await _kubectl.Run("get", "search", "-o", "name"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_status_is_kept_to_the_last_member()
    {
        await Apply(Products);
        await _kubectl.Run("patch", "sds", "products", "--subresource=status", "--type=merge", "-p", Status);

        const string Read = "jsonpath={.status.candidate.verified.hits.shoes} {.status.candidate.eta} {.status.retained[0].index} {.status.recent[0].historyKey} {.status.lookedAt}";
        Assert.Equal(
            "51 2026-01-01T00:10:00Z products-2026-11-20-1 v1/x 2026-01-01T00:00:00Z",
            await _kubectl.Run("get", "sds", "products", "-o", Read));
    }

    [Fact]
    public async Task Explain_tells_each_field_with_its_range_and_default()
    {
        var load = await _kubectl.Run("explain", "sds.spec.load");
        Assert.Contains("batchBytes", load, StringComparison.Ordinal);
        Assert.Contains("64Ki to 90Mi", load, StringComparison.Ordinal);
        Assert.Contains("enum: Auto, Manual", await _kubectl.Run("explain", "sds.spec.rollout"), StringComparison.Ordinal);

        var all = await _kubectl.Run("explain", "searchdataset", "--recursive");
        Assert.All(
            ["clusterRef", "expectNewWithin", "configMapRef", "inFlightBytes", "maxShrinkPercent", "keepPrevious", "latestSeen", "historyKey"],
            field => Assert.Contains(field, all, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_mappings_and_query_bodies_are_kept_as_they_are_and_defaults_are_filled_in()
    {
        await Apply(Products);

        Assert.Equal("""{"dynamic":"strict","properties":{"sku":{"type":"keyword"}}}""", await Read(".spec.index.mappings"));
        Assert.Equal("german", await Read(".spec.index.settings.analysis.filter.de.language"));
        Assert.Equal("""{"query":{"match":{"title":"shoe"}}}""", await Read(".spec.verify.queries[0].body"));
        Assert.Equal(
            "_SUCCESS Auto 1 8Mi 6h 10 Auto 2 1h 1m",
            await _kubectl.Run("get", "sds", "products", "-o", "jsonpath={.spec.source.marker} {.spec.source.manifest} {.spec.index.replicas} "
                + "{.spec.load.batchBytes} {.spec.load.deadline} {.spec.verify.maxShrinkPercent} {.spec.rollout.approval} "
                + "{.spec.rollout.keepPrevious} {.spec.rollout.orphanGrace} {.spec.schedule.interval}"));
    }

    [Theory]
    [InlineData("alias: products", "alias: Products", "spec.alias: Invalid value: \"Products\"")]
    [InlineData("alias: products", "alias: -products", "spec.alias: Invalid value: \"-products\"")]
    [InlineData("alias: products", "suspend: false", "spec.alias: Required value")]
    [InlineData("s3://feeds/products/", "https://feeds/products/", "spec.source.uri: Invalid value: \"https://feeds/products/\"")]
    [InlineData("shards: 6", "shards: 0", "spec.index.shards: Invalid value: 0")]
    [InlineData("shards: 6", "shard: 6", "unknown field \"spec.index.shard\"")]
    [InlineData("minDocs: 1000", "maxShrinkPercent: 101", "spec.verify.maxShrinkPercent: Invalid value: 101")]
    [InlineData("idField: sku", "order: Newest", "spec.source.order: Unsupported value: \"Newest\"")]
    [InlineData("minHits: 50}", "minHits: 50}\n      - {name: shoes, body: {}}", "spec.verify.queries[1]: Duplicate value")]
    [InlineData("verify:", "load: {batchBytes: 8MB}\n  verify:", "spec.load.batchBytes: Invalid value: \"8MB\"")]
    [InlineData("verify:", "schedule: {interval: soon}\n  verify:", "spec.schedule.interval: Invalid value: \"soon\"")]
    public async Task A_mistake_is_refused_and_its_field_named(string good, string bad, string error)
    {
        var file = _kubectl.File("bad.yaml", Products.Replace(good, bad, StringComparison.Ordinal));

        Assert.Contains(error, await _kubectl.Fail("apply", "-f", file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_returns_once_the_version_is_promoted()
    {
        await Apply(Products);
        var wait = _kubectl.Run("wait", "--for=jsonpath={.status.published.version}=2026-11-21", "sds/products", "--timeout=60s");
        var ready = _kubectl.Run("wait", "--for=condition=Ready", "sds/products", "--timeout=60s");
        await _kubectl.Run("patch", "sds", "products", "--subresource=status", "--type=merge", "-p", Status);

        Assert.Contains("condition met", await wait, StringComparison.Ordinal);
        Assert.Contains("condition met", await ready, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pin_and_an_approval_are_one_command_each()
    {
        await Apply(Products);
        await _kubectl.Run("patch", "sds", "products", "--type=merge", "-p", """{"spec":{"rollout":{"pin":"2026-11-20"}}}""");
        await _kubectl.Run("annotate", "sds", "products", "clustergrains.io/approve=products-2026-11-22-2");

        Assert.Equal("2026-11-20", await Read(".spec.rollout.pin"));
        Assert.Equal("products-2026-11-22-2", await Read(@".metadata.annotations.clustergrains\.io/approve"));
        await _kubectl.Run("patch", "sds", "products", "--type=merge", "-p", """{"spec":{"rollout":{"pin":null}}}""");
        Assert.Equal("", await Read(".spec.rollout.pin"));
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private Task<string> Read(string path) => _kubectl.Run("get", "sds", "products", "-o", $"jsonpath={{{path}}}");

    private Task<string> Apply(string yaml) => _kubectl.Run("apply", "-f", _kubectl.File($"{Guid.NewGuid():N}.yaml", yaml));
}
