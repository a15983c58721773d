using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;
using ClusterGrains.Status;
using ClusterGrains.Tests.Clusters;
using ClusterGrains.Tests.Watch;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Tests.Resources;

/// <summary>The ports to the API server, against answers of a real one.</summary>
public sealed class KubernetesAdapterTests : IAsyncLifetime
{
    private static readonly ResourceKey Key = new("search", "logs");

    private readonly ArmedTime _time = new();
    private ScriptedApi _api = null!;
    private ServiceProvider _services = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ScriptedApi.Start(TestContext.Current.CancellationToken);
        _services = new ServiceCollection()
            .AddLogging()
            .AddMetrics()
            .AddSingleton<TimeProvider>(_time)
            .AddSingleton(Options.Create(_api.Options))
            .AddSingleton<KubernetesMetrics>()
            .AddSingleton<KubernetesConnection>()
            .AddSingleton<KubernetesEventRecorder>()
            .BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task Who_asks_after_the_end_gets_no_answer_and_no_fault()
    {
        _api.Otherwise = context => ScriptedApi.Json(context, Json.Object("logs", 7, spec: "{}"));
        await Resource();
        _services.GetRequiredService<KubernetesConnection>().Dispose();

        var failure = await Assert.ThrowsAsync<DependencyException>(Resource);

        Assert.Contains("the operator is ending", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resource_is_read_consistently_and_only_our_annotations_are_carried()
    {
        var queries = "";
        _api.Otherwise = context =>
        {
            queries = context.Request.Path + context.Request.QueryString.Value;
            return ScriptedApi.Json(context, Json.Object(
                "logs", 7, annotations: """{"clustergrains.io/run-now":"1","kubectl.kubernetes.io/x":"y"}""", spec: """{"suspend":true}"""));
        };

        var manifest = await Resource();

        Assert.Equal("/apis/clustergrains.io/v1alpha1/namespaces/search/searchclusters/logs", queries);
        Assert.NotNull(manifest);
        Assert.Equal(("uid-logs", 7, "50"), (manifest.Uid, manifest.Generation, manifest.ResourceVersion));
        Assert.Equal("""{"suspend":true}""", manifest.Spec);
        Assert.Equal("clustergrains.io/run-now", Assert.Single(manifest.Annotations).Key);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), manifest.CreatedAt);
    }

    [Fact]
    public async Task Only_a_404_about_the_object_itself_says_that_it_is_not_there()
    {
        Answer(404, "NotFound", """{"name":"logs","group":"clustergrains.io","kind":"searchclusters"}""");
        Assert.Null(await Resource());
        Assert.Null(await Status().Read(RelayRig.Kind, Key, Cancellation));

        Answer(404, "NotFound", "{}");
        Assert.Contains("kubectl apply -f k8s/crds", (await Refused(Resource)).Message);

        Answer(404, "NotFound", """{"name":"search","kind":"namespaces"}""");
        await Refused(Resource);

        Answer(404, "NotFound", """{"name":"other","kind":"searchclusters"}""");
        await Refused(Resource);

        _api.Otherwise = context =>
        {
            context.Response.StatusCode = 404;
            return context.Response.WriteAsync("404 page not found");
        };
        await Refused(Resource);
    }

    [Fact]
    public async Task A_refusal_names_the_missing_rule()
    {
        Answer(403, "Forbidden", "{}");

        var refusal = await Refused(() => Status().Write(RelayRig.Kind, Key, "u", "1", [], Cancellation));

        Assert.Contains(
            """{ apiGroups: ["clustergrains.io"], resources: ["searchclusters/status"], verbs: ["update"] } in a Role in namespace search""",
            refusal.Message);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up_on_after_ten_seconds()
    {
        _api.Otherwise = async context => await new TaskCompletionSource().Task
            .WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        var asking = Resource();
        await _time.Armed(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Contains("no answer within 10 s", (await Refused(() => asking)).Message);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        await _api.Stop();

        Assert.StartsWith(
            "http://127.0.0.1:", (await Refused(Resource)).Message);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_the_end()
    {
        _api.Otherwise = async context =>
        {
            var megabyte = new byte[1 << 20];
            for (var i = 0; i < 8; i++)
            {
                await context.Response.Body.WriteAsync(megabyte);
            }
        };

        Assert.Contains("is larger than 4,194,304 bytes", (await Refused(Resource)).Message);
    }

    [Fact]
    public async Task A_status_is_put_with_uid_and_resource_version_and_without_spec()
    {
        JsonNode? body = null;
        var method = "";
        _api.Otherwise = async context =>
        {
            method = $"{context.Request.Method} {context.Request.Path}";
            body = await JsonNode.ParseAsync(context.Request.Body);
            await ScriptedApi.Json(context, Json.Object("logs", version: 51));
        };

        var written = await Status().Write(RelayRig.Kind, Key, "uid-logs", "50", new JsonObject { ["revision"] = 3 }, Cancellation);

        Assert.Equal("51", written);
        Assert.Equal("PUT /apis/clustergrains.io/v1alpha1/namespaces/search/searchclusters/logs/status", method);
        var expected = JsonNode.Parse("""
            {"apiVersion":"clustergrains.io/v1alpha1","kind":"SearchCluster",
             "metadata":{"namespace":"search","name":"logs","uid":"uid-logs","resourceVersion":"50"},"status":{"revision":3}}
            """);
        Assert.True(JsonNode.DeepEquals(expected, body), $"{body}");
    }

    [Fact]
    public async Task A_status_whose_preconditions_no_longer_hold_is_not_written()
    {
        Answer(409, "Conflict", """{"name":"logs","kind":"searchclusters"}""");
        Assert.Null(await Status().Write(RelayRig.Kind, Key, "u", "1", [], Cancellation));

        Answer(404, "NotFound", """{"name":"logs","kind":"searchclusters"}""");
        Assert.Null(await Status().Write(RelayRig.Kind, Key, "u", "1", [], Cancellation));

        Answer(422, "Invalid", "{}", "status.verdict: Unsupported value");
        Assert.Contains(
            "status.verdict", (await Refused(() => Status().Write(RelayRig.Kind, Key, "u", "1", [], Cancellation))).Message);
    }

    [Fact]
    public async Task The_live_status_is_read_with_what_a_write_needs()
    {
        _api.Otherwise = context => ScriptedApi.Json(context, Json.Object("logs"));

        var live = await Status().Read(RelayRig.Kind, Key, Cancellation);

        Assert.Equal(("uid-logs", "50"), (live?.Uid, live?.ResourceVersion));
        Assert.Equal("""{"revision":1}""", live?.Status?.ToJsonString());
    }

    [Fact]
    public async Task A_secret_is_decoded_and_a_missing_one_is_nothing()
    {
        var secrets = Secrets();
        _api.Otherwise = context => ScriptedApi.Json(context, $$"""{"kind":"Secret",{{Allowed}},"data":{"user":"YWRtaW4=","empty":""} }""");
        var secret = await secrets.Read("search", "login", Cancellation);
        Assert.NotNull(secret);
        Assert.False(secret.IsWithheld);
        Assert.Equal("admin", Encoding.UTF8.GetString(secret.Data["user"]));
        Assert.Empty(secret.Data["empty"]);

        _api.Otherwise = context => ScriptedApi.Json(context, $$"""{"kind":"Secret",{{Allowed}} }""");
        Assert.Empty((await secrets.Read("search", "login", Cancellation))!.Data);

        Answer(404, "NotFound", """{"name":"login","kind":"secrets"}""");
        Assert.Null(await secrets.Read("search", "login", Cancellation));
    }

    [Theory]
    [InlineData("""  "metadata":{}  """)]
    [InlineData("""  "metadata":{"labels":{"clustergrains.io/allow":"false"}}  """)]
    [InlineData("""  "metadata":{"annotations":{"clustergrains.io/allow":"true"}}  """)]
    public async Task A_secret_that_nobody_has_allowed_is_not_handed_on_unless_the_operator_asks_for_no_label(string metadata)
    {
        _api.Otherwise = context => ScriptedApi.Json(context, $$"""{"kind":"Secret",{{metadata}},"data":{"user":"YWRtaW4="} }""");

        var withheld = (await Secrets().Read("search", "login", Cancellation))!;
        var open = (await Secrets(requireLabel: false).Read("search", "login", Cancellation))!;

        Assert.True(withheld.IsWithheld);
        Assert.Empty(withheld.Data);
        Assert.False(open.IsWithheld);
        Assert.Single(open.Data);
    }

    [Fact]
    public async Task A_config_map_is_its_texts_and_a_missing_one_is_nothing()
    {
        var configMaps = new KubernetesConfigMapStore(Connection);
        _api.Otherwise = context => ScriptedApi.Json(
            context, """{"kind":"ConfigMap","data":{"settings.json":"{\"a\":1}"},"binaryData":{"x":"AA=="}}""");
        Assert.Equal("""{"a":1}""", Assert.Single((await configMaps.Read("search", "index", Cancellation))!).Value);

        _api.Otherwise = context => ScriptedApi.Json(context, """{"kind":"ConfigMap"}""");
        Assert.Empty((await configMaps.Read("search", "index", Cancellation))!);

        Answer(404, "NotFound", """{"name":"index","kind":"configmaps"}""");
        Assert.Null(await configMaps.Read("search", "index", Cancellation));

        Answer(403, "Forbidden", "{}");
        Assert.Contains(
            """resources: ["configmaps"], verbs: ["get"]""",
            (await Assert.ThrowsAsync<DependencyException>(() => configMaps.Read("search", "index", Cancellation))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_the_server_refuses_are_read_again()
    {
        var token = "";
        _api.Otherwise = context =>
        {
            token = context.Request.Headers.Authorization.ToString();
            return token == "Bearer renewed"
                ? ScriptedApi.Json(context, Json.Object("logs"))
                : ScriptedApi.Fail(context, 401, "Unauthorized");
        };
        Assert.Contains("(401)", (await Refused(Resource)).Message);
        Assert.Equal("Bearer secret", token);
        var kubeconfig = _api.Options.Kubeconfig!;
        await File.WriteAllTextAsync(
            kubeconfig, (await File.ReadAllTextAsync(kubeconfig, Cancellation)).Replace("secret", "renewed"), Cancellation);
        _time.Advance(TimeSpan.FromMinutes(1));

        await Refused(Resource);

        Assert.NotNull(await Resource());
    }

    [Fact]
    public async Task An_authority_that_the_server_has_left_is_read_again()
    {
        using var before = new TestAuthority("before");
        using var now = new TestAuthority("now");
        using var certificate = now.Issue("localhost", IPAddress.Loopback);
        await using var server = await ScriptedApi.Start(Cancellation, certificate);
        server.Otherwise = context => ScriptedApi.Json(context, Json.Object("logs"));
        var bare = await File.ReadAllTextAsync(server.Options.Kubeconfig!, Cancellation);
        await Trust(before);
        using var connection = new KubernetesConnection(Options.Create(server.Options), _time, _services.GetRequiredService<KubernetesMetrics>());
        Task<Manifest?> Ask() => new KubernetesResourceApi(connection).Get(RelayRig.Kind, Key, Cancellation);
        Assert.Contains("certificate-authority-data", (await Refused(Ask)).Message, StringComparison.Ordinal);
        await Trust(now);
        _time.Advance(TimeSpan.FromMinutes(1));

        await Refused(Ask);

        Assert.NotNull(await Ask());

        Task Trust(TestAuthority authority) => File.WriteAllTextAsync(
            server.Options.Kubeconfig!,
            bare.Replace(
                "server:", $"certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(authority.Pem))}, server:", StringComparison.Ordinal),
            Cancellation);
    }

    [Fact]
    public async Task An_event_is_written_with_a_message_cut_to_what_the_server_takes()
    {
        var written = new TaskCompletionSource<JsonNode>();
        _api.Otherwise = async context =>
        {
            written.SetResult((await JsonNode.ParseAsync(context.Request.Body))!);
            context.Response.StatusCode = 201;
        };
        await Recorder.StartAsync(Cancellation);

        Recorder.Record(new ResourceEvent(RelayRig.Kind, Key, "uid-logs", true, "BecameCritical", new string('€', 1_000)));

        var body = await Await.Soon(written.Task);
        Assert.Equal("Warning", (string?)body["type"]);
        Assert.Equal("BecameCritical", (string?)body["reason"]);
        Assert.Equal("uid-logs", (string?)body["involvedObject"]!["uid"]);
        Assert.Equal("SearchCluster", (string?)body["involvedObject"]!["kind"]);
        Assert.Equal("2026-01-01T00:00:00Z", (string?)body["lastTimestamp"]);
        Assert.StartsWith("logs.", (string?)body["metadata"]!["name"]);
        Assert.Equal(new string('€', 341), (string?)body["message"]);
        await Recorder.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Events_wait_for_a_server_that_is_busy_and_skip_what_it_refuses_for_good()
    {
        var answers = new Queue<int>([503, 429, 403, 201]);
        var reasons = new List<string>();
        var last = new TaskCompletionSource();
        _api.Otherwise = async context =>
        {
            reasons.Add((string)(await JsonNode.ParseAsync(context.Request.Body))!["reason"]!);
            context.Response.StatusCode = answers.Dequeue();
            if (answers.Count == 0)
            {
                last.SetResult();
            }
        };
        await Recorder.StartAsync(Cancellation);
        Recorder.Record(new ResourceEvent(RelayRig.Kind, Key, "u", false, "First", ""));
        Recorder.Record(new ResourceEvent(RelayRig.Kind, Key, "u", false, "Second", ""));

        await _time.EndPause();
        await _time.EndPause();
        await Await.Soon(last.Task);

        Assert.Equal(["First", "First", "First", "Second"], reasons);
        await Recorder.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_a_server_that_is_away()
    {
        _api.Otherwise = context => ScriptedApi.Fail(context, 503, "ServiceUnavailable");
        await Recorder.StartAsync(Cancellation);
        Recorder.Record(new ResourceEvent(RelayRig.Kind, Key, "u", false, "First", ""));
        await _time.Armed(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(9));

        await Await.Soon(Recorder.StopAsync(Cancellation));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private KubernetesConnection Connection => _services.GetRequiredService<KubernetesConnection>();

    private KubernetesEventRecorder Recorder => _services.GetRequiredService<KubernetesEventRecorder>();

    private KubernetesStatusApi Status() => new(Connection);

    private Task<Manifest?> Resource() => new KubernetesResourceApi(Connection).Get(RelayRig.Kind, Key, Cancellation);

    private void Answer(int code, string reason, string details, string message = "no") =>
        _api.Otherwise = context => ScriptedApi.Fail(context, code, reason, message, details: details);

    private static async Task<DependencyException> Refused(Func<Task> act)
    {
        var refusal = await Assert.ThrowsAsync<DependencyException>(() => Await.Soon(act()));
        Assert.Equal(Dependency.KubernetesApi, refusal.Dependency);
        return refusal;
    }

    private const string Allowed = """ "metadata":{"labels":{"clustergrains.io/allow":"true"}} """;

    private KubernetesSecretStore Secrets(bool requireLabel = true) =>
        new(Connection, Options.Create(new SecretOptions { RequireLabel = requireLabel }));
}
