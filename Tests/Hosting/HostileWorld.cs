using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterGrains.Clusters;
using ClusterGrains.Hosting;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Tests.Clusters;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Processes;
using ClusterGrains.Tests.Sandbox.Kubernetes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Tests.Hosting;

/// <summary>
/// A whole silo that was given credentials, among search clusters and stores that repeat them and write what forges lines and
/// moves terminals; and all that it said and kept.
/// </summary>
public sealed partial class HostileWorld : IAsyncLifetime
{
    /// <summary>In everything that the others write.</summary>
    public const string Marker = "EVIL";

    /// <summary>An escape sequence of either kind, a forged line, a title, an override of direction, another line's end.</summary>
    public const string Evil =
        $"{Marker}\u001b[2J\u001b]0;owned\u0007\r\n2026-01-01T00:00:00.000Z info: forged[0] all is well\u009b31m\u202e\u2028\u0000";

    private const string Password = "pl4nted Pa$$word/+=";
    private const string SourceKey = "pl4nted/S3+secretKey";
    private const string HistoryKey = "pl4ntedHistoryKey";
    private const string MongoPassword = "pl4ntedMongoPassword";

    private readonly TestFolder _api = new();
    private readonly TestFolder _history = new();
    private readonly TestFolder _feeds = new();
    private readonly SiloFolder _folder = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(3));
    private readonly StubServer _talker;
    private readonly StubServer _breaker;
    private readonly StubServer _bucket;
    private readonly CapturedLog _log = new();
    private KubernetesApi _kubernetes = null!;
    private ApiClient _client = null!;
    private WebApplication _silo = null!;

    public HostileWorld()
    {
        _talker = new StubServer((head, stream, cancel) => Write(stream, Talk(head), cancel));
        _breaker = new StubServer((head, stream, cancel) =>
            Write(stream, $"HTTP/1.1 200 {Marker}\u001b[31m\r\nX-{Marker}\u001b[2J {Authorization(head)}\r\n{Evil}\r\n\r\n", cancel));
        _bucket = new StubServer((head, stream, cancel) => Write(
            stream,
            StubServer.Http("403 Forbidden", $"<Error><Code>{Marker}</Code><Message>{Marker}&#x9b;2J&#x202e; {SourceKey} {Authorization(head)}&#13;&#10;forged</Message></Error>"),
            cancel));
    }

    /// <summary>Each credential in each form in which it might be told, by what it is.</summary>
    public IEnumerable<(string Credential, string Text)> Planted =>
        from one in new[]
        {
            ("the password of a search cluster", Password),
            ("the key of a source", SourceKey),
            ("the key of the history store", HistoryKey),
            ("the password of the grain storage", MongoPassword),
            ("the token of the API server", TokenForm().Match(_kubernetes.Kubeconfig).Groups["token"].Value),
        }
        from form in new[] { one.Item2, Base64(one.Item2), Base64($"operator:{one.Item2}"), Uri.EscapeDataString(one.Item2) }.Distinct()
        select (one.Item1, form);

    /// <summary>What was sent to the search cluster that repeats it.</summary>
    public ConcurrentQueue<string> Sent { get; } = new();

    /// <summary>Lines of the log, as they were formatted, with their exceptions.</summary>
    public IReadOnlyCollection<string> Log => _log.Lines;

    /// <summary>Documents in JSON that the silo wrote or answered, by what they are.</summary>
    public Dictionary<string, JsonNode> Documents { get; } = [];

    /// <summary>The metrics.</summary>
    public string Metrics { get; private set; } = "";

    /// <summary>The bytes of its database, by file.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    public async ValueTask InitializeAsync()
    {
        _kubernetes = await KubernetesApi.Start(new KubernetesApiOptions { DataFolder = _api.Path }, _limit.Token);
        _client = new ApiClient(_kubernetes.Kubeconfig);
        Directory.CreateDirectory(Path.Combine(_feeds.Path, "2026-03-01"));
        await File.WriteAllTextAsync(Path.Combine(_feeds.Path, "2026-03-01", "a.ndjson"), $"{{\"id\":\"1\",\"t\":{JsonSerializer.Serialize(Evil)}}}\n", _limit.Token);
        await File.WriteAllTextAsync(Path.Combine(_feeds.Path, "2026-03-01", "_SUCCESS"), "", _limit.Token);
        _kubernetes.Seed(Manifests());
        _silo = SiloHost.Build(
            [
                .. _folder.Settings,
                $"--Kubernetes:Kubeconfig={_kubernetes.KubeconfigPath}",
                $"--History:Uri=file://{_history.Path}",
                "--History:S3:AccessKey=planted",
                $"--History:S3:SecretKey={HistoryKey}",
                $"--Storage:MongoDb:ConnectionString=mongodb://planted:{MongoPassword}@127.0.0.1:1/",
                $"--Datasets:FileRoots:0={_feeds.Path}",
                "--Endpoints:AllowLoopback=true",
                "--Checks:MinimumInterval=1s",
                "--Status:Refresh=1s",

                // All that anybody says who can be made to say more.
                "--Logging:LogLevel:Default=Trace",
                "--Logging:LogLevel:Microsoft=Trace",
                "--Logging:LogLevel:Polly=Trace",
                "--Logging:LogLevel:System=Trace",
            ],
            builder => builder.Logging.ClearProviders().AddProvider(_log));
        await SiloHost.Start(_silo);
        await Told();
        await Gather();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _kubernetes.DisposeAsync();
        await _talker.DisposeAsync();
        await _breaker.DisposeAsync();
        await _bucket.DisposeAsync();
        _folder.Dispose();
        _feeds.Dispose();
        _history.Dispose();
        _api.Dispose();
        _limit.Dispose();
    }

    private string Manifests() =>
        $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: sign-in, namespace: default, labels: {clustergrains.io/allow: "true"} }
        data: {username: {{Base64("operator")}}, password: {{Base64(Password)}} }
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: feed, namespace: default, labels: {clustergrains.io/allow: "true"} }
        data: {accessKey: {{Base64("planted")}}, secretKey: {{Base64(SourceKey)}} }
        {{Cluster("talker", _talker)}}
        {{Cluster("breaker", _breaker)}}
        {{Dataset("from-bucket", $$"""{uri: "s3://feeds/products", s3: {endpoint: "{{_bucket.Url}}", forcePathStyle: true, region: eu-central-1}, secretRef: {name: feed} }""")}}
        {{Dataset("from-folder", $$"""{uri: "file://{{_feeds.Path}}", idField: id}""")}}
        """;

    private static string Cluster(string name, StubServer server) =>
        $$"""
        ---
        apiVersion: clustergrains.io/v1alpha1
        kind: SearchCluster
        metadata: {name: {{name}}, namespace: default}
        spec: {endpoints: ["{{server.Url}}"], auth: {basic: {secretRef: {name: sign-in} } }, schedule: {interval: 2s} }
        """;

    private static string Dataset(string name, string source) =>
        $$"""
        ---
        apiVersion: clustergrains.io/v1alpha1
        kind: SearchDataset
        metadata: {name: {{name}}, namespace: default}
        spec: {clusterRef: {name: talker}, alias: {{name}}, source: {{source}}, schedule: {interval: 2s} }
        """;

    private static async Task Write(Stream stream, string text, CancellationToken cancellationToken) =>
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);

    private static string Authorization(string head) =>
        head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Authorization:", StringComparison.OrdinalIgnoreCase)) ?? "";

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>Well enough to be asked everything, with disks that are full, and credentials in whatever has room for them.</summary>
    private string Talk(string head)
    {
        Sent.Enqueue(Authorization(head));
        var evil = JsonSerializer.Serialize($"{Evil} {Authorization(head)} {Password}");
        var (status, body) = head.Split(' ')[1] switch
        {
            "/" => ("200 OK", $$"""{"name":{{evil}},"cluster_name":{{evil}},"cluster_uuid":"u1","version":{"distribution":"opensearch","number":"3.1.0"},"tagline":{{evil}}}"""),
            var path when path.StartsWith("/_cluster/health", StringComparison.Ordinal) =>
                ("200 OK", """{"status":"green","number_of_nodes":1,"number_of_data_nodes":1,"active_shards":1,"active_primary_shards":1,"discovered_cluster_manager":true}"""),
            var path when path.StartsWith("/_nodes/stats", StringComparison.Ordinal) =>
                ("200 OK", $$"""{"_nodes":{"failed":0},"nodes":{"n1":{"name":{{evil}},"roles":["data"],"fs":{"total":{"total_in_bytes":1000,"available_in_bytes":1} },"jvm":{"mem":{"heap_used_percent":10} } } } }"""),
            var path when path.StartsWith("/_cluster/settings", StringComparison.Ordinal) =>
                ("200 OK", """{"persistent":{},"transient":{},"defaults":{"cluster.routing.allocation.disk.watermark.flood_stage":"95%"}}"""),
            _ => ("400 Bad Request", $$"""{"error":{"type":{{evil}},"reason":{{evil}} },"status":400}"""),
        };
        return StubServer.Http(status, body);
    }

    /// <summary>Returns when everybody has said what they have to say, and it was shown.</summary>
    private async Task Told()
    {
        var waited = new List<string>();
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, _limit.Token);
            waited.Clear();
            foreach (var (name, wanted) in new[]
            {
                ("searchclusters/talker", Marker), ("searchclusters/breaker", "Unknown"), ("searchdatasets/from-bucket", Marker), ("searchdatasets/from-folder", Marker),
            })
            {
                var status = (await _client.Get(Resource(name))).Json["status"]?.ToJsonString() ?? "";
                if (!status.Contains(wanted, StringComparison.Ordinal))
                {
                    waited.Add($"{name}: {status}");
                }
            }
        }
        while (waited.Count > 0 && !_limit.IsCancellationRequested);
    }

    private async Task Gather()
    {
        using var api = new HttpClient { BaseAddress = SiloHost.HttpAddress(_silo) };
        using var management = new HttpClient { BaseAddress = SiloHost.ManagementAddress(_silo) };
        foreach (var name in (string[])["searchclusters/talker", "searchclusters/breaker", "searchdatasets/from-bucket", "searchdatasets/from-folder"])
        {
            Documents[$"status of {name}"] = (await _client.Get(Resource(name))).Json["status"]!;
            foreach (var path in (string[])[$"api/v1/{name.Split('/')[0]}", $"api/v1/{name.Replace("/", "/default/", StringComparison.Ordinal)}", $"api/v1/{name.Replace("/", "/default/", StringComparison.Ordinal)}/history"])
            {
                Documents[path] = JsonNode.Parse(await api.GetStringAsync(path, _limit.Token))!;
            }
        }

        Documents["events"] = new JsonArray([.. (await _client.Get("/api/v1/namespaces/default/events")).Json["items"]!.AsArray()
            .Select(one => JsonValue.Create($"{one!["reason"]} {one["message"]}"))]);
        Metrics = await management.GetStringAsync("metrics", _limit.Token);
        await _silo.StopAsync(_limit.Token);
        await _silo.DisposeAsync();
        foreach (var file in Directory.EnumerateFiles(_history.Path, "*.json.gz", SearchOption.AllDirectories))
        {
            Documents[Path.GetFileName(file)] = JsonSerializer.SerializeToNode(ClusterGrains.History.HistoryObject.Open(await File.ReadAllBytesAsync(file, _limit.Token)))!;
        }

        foreach (var file in Directory.EnumerateFiles(_folder.Path))
        {
            Files[Path.GetFileName(file)] = await File.ReadAllBytesAsync(file, _limit.Token);
        }
    }

    private static string Resource(string name) => $"/apis/clustergrains.io/v1alpha1/namespaces/default/{name}";

    [GeneratedRegex(@"token: (?<token>\S+)", RegexOptions.ExplicitCapture)]
    private static partial Regex TokenForm();

    private sealed class CapturedLog : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => new Writer(categoryName, _lines);

        public void Dispose()
        {
        }

        private sealed class Writer(string category, ConcurrentQueue<string> lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format) =>
                lines.Enqueue($"{level} {category} {format(state, exception)}{(exception is null ? "" : $"\n{exception}")}");
        }
    }
}
