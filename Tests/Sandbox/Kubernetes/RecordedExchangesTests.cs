using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

/// <summary>
/// A session of kubectl 1.32 with a real server, replayed in order with the clock of the recording. Answers must be the
/// same but for uids and resource versions, which must map one to one.
/// </summary>
public sealed partial class RecordedExchangesTests : IAsyncLifetime
{
    /// <summary>Exchanges that cannot be compared, why not, and the status expected instead.</summary>
    private static readonly Dictionary<int, (int Status, string Reason)> NotComparable = new()
    {
        [0] = (200, "aggregated discovery is not offered, clients fall back to the older form"),
        [1] = (200, "aggregated discovery is not offered, clients fall back to the older form"),
        [5] = (200, "the index of all groups of a whole server"),
        [6] = (200, "a full description of the API, cut off in the recording"),
        [13] = (200, "answered in protobuf, here in the JSON the request accepts as well"),
        [14] = (200, "the index of all groups of a whole server"),
        [16] = (404, "OpenAPI v2 is not offered"),
        [18] = (200, "the header that makes it conditional is not in the recording"),
        [24] = (200, "the header that makes it conditional is not in the recording"),
        [26] = (200, "the header that makes it conditional is not in the recording"),
        [28] = (404, "OpenAPI v2 is not offered"),
        [32] = (200, "the index of all groups of a whole server"),
        [39] = (200, "the index of all groups of a whole server"),
        [40] = (404, "OpenAPI v2 is not offered"),
        [42] = (200, "the header that makes it conditional is not in the recording"),
        [49] = (415, "a protobuf body, which is refused"),
    };

    /// <summary>Watches that were open while later requests changed things: the last of those requests.</summary>
    private static readonly Dictionary<int, int> WatchedUntil = new() { [19] = 20, [45] = 46 };

    private readonly Recording _recording = new();
    private readonly List<string> _differences = [];
    private readonly Dictionary<int, (RecordedExchange Exchange, ApiWatch Watch)> _open = [];
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 18, 6, 19, TimeSpan.Zero));
    private KubernetesApi _api = null!;
    private ApiClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var crds = Yaml.Documents(TestResource.Text("recorded/crd.yaml")).ToList();
        _api = await KubernetesApi.Start(new KubernetesApiOptions { Crds = crds, TimeProvider = _time }, Cancellation);
        _client = new ApiClient(_api.Kubeconfig);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task The_sandbox_answers_kubectl_as_a_real_server_did()
    {
        var exchanges = RecordedExchange.All().ToList();
        SeedWhatWasThere(exchanges);

        foreach (var exchange in exchanges)
        {
            if (exchange.Number == 51)
            {
                // By then the real server had forgotten version 1.
                _api.Faults.ForgetHistory();
            }

            await Replay(exchange);
            foreach (var (number, open) in _open.Where(o => WatchedUntil.GetValueOrDefault(o.Key, o.Key) == exchange.Number).ToList())
            {
                await CompareWatch(open.Exchange, open.Watch);
                _open.Remove(number);
            }
        }

        Assert.Equal(56, exchanges.Count);
        Assert.True(_recording.IsMonotone);
        Assert.True(_differences.Count == 0, string.Join("\n\n", _differences));
    }

    private void SeedWhatWasThere(List<RecordedExchange> exchanges)
    {
        _api.Store.Put(_api.Definition("events"), CanonicalJson.ParseObject("""
            {"apiVersion":"v1","kind":"Event","count":1,"type":"Warning","reason":"KubeAPIReadyz","message":"readyz=true",
             "firstTimestamp":"2026-11-22T17:57:42Z","lastTimestamp":"2026-11-22T17:57:42Z",
             "source":{"component":"apiserver","host":"vm"},
             "involvedObject":{"kind":"Namespace","name":"openshift-kube-apiserver"},
             "metadata":{"name":"openshift-kube-apiserver.18ea6fbdcff5adac","namespace":"default",
               "uid":"8f179e36-f518-42f4-8033-c362c03daa94","creationTimestamp":"2026-11-22T17:57:42Z"}}
            """u8));
        var listed = Parse(exchanges[2].Response).Items("items")!;
        _api.Store.Put(_api.Definition("searchclusters"), listed[0]!.AsObject().Clone());
    }

    private async Task Replay(RecordedExchange exchange)
    {
        AdvanceTo(exchange.Response);
        var path = _recording.ToHere(exchange.Path);
        var body = exchange.Body is null ? null : _recording.ToHere(exchange.Body);
        if (exchange.IsWatch)
        {
            _open[exchange.Number] = (exchange, await _client.Watch(path, exchange.Accept!));
            return;
        }

        var answer = await _client.Send(new HttpMethod(exchange.Method), path, body, exchange.ContentType, exchange.Accept);
        if (NotComparable.TryGetValue(exchange.Number, out var instead))
        {
            Check(exchange, (int)answer.Status == instead.Status, $"answered {answer.Status}: {answer.Text}");
            return;
        }

        Check(exchange, (int)answer.Status == exchange.Status, $"answered {answer.Status}: {answer.Text}");
        if (exchange.Response.Length > 0)
        {
            Compare(exchange, exchange.Response, answer.Text);
        }
    }

    private async Task CompareWatch(RecordedExchange exchange, ApiWatch watch)
    {
        using (watch)
        {
            foreach (var line in exchange.Response.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Compare(exchange, line, await watch.Line() ?? "null");
            }
        }
    }

    private void Compare(RecordedExchange exchange, string recorded, string here)
    {
        _differences.AddRange(_recording.Learn(Parse(recorded), Parse(here)).Select(d => $"{exchange.Number}: {d}"));
        var expected = CanonicalJson.Text(Parse(Oldest().Replace(_recording.ToHere(recorded), "(oldest)")));
        var actual = CanonicalJson.Text(Parse(Oldest().Replace(here, "(oldest)")));
        Check(exchange, expected == actual, $"\n  expected {expected}\n  actual   {actual}");
    }

    private void Check(RecordedExchange exchange, bool holds, string difference)
    {
        if (!holds)
        {
            _differences.Add($"{exchange.Number} {exchange.Method} {exchange.Path}: {difference}");
        }
    }

    private void AdvanceTo(string recorded)
    {
        var times = Time().Matches(recorded).Select(m => DateTimeOffset.Parse(m.Value, CultureInfo.InvariantCulture));
        if (times.DefaultIfEmpty().Max() is var latest && latest > _time.GetUtcNow())
        {
            _time.SetUtcNow(latest);
        }
    }

    private static JsonObject Parse(string text) => (JsonObject)JsonNode.Parse(text)!;

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")]
    private static partial Regex Time();

    // The oldest version a server still knows is its own affair.
    [GeneratedRegex(@"(?<=too old resource version: 1 )\(\d+\)")]
    private static partial Regex Oldest();
}
