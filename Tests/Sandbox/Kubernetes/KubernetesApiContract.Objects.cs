using System.Net;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

public abstract partial class KubernetesApiContract
{
    [Fact]
    public async Task A_new_object_has_a_uid_generation_1_and_the_defaults_of_its_schema()
    {
        var created = await Create("logs");

        Assert.True(Guid.TryParse(created.Uid, out _));
        Assert.Equal(1, created.Generation);
        Assert.Equal("5m", created.Json.Member("spec")!.Member("schedule")!.Text("interval"));
        Assert.Equal("Auto", created.Json.Member("spec")!.Text("engine"));
        Assert.Equal(HttpStatusCode.Conflict, (await Api.Post(Collection, Cluster("logs"))).Status);
    }

    [Fact]
    public async Task The_generation_rises_with_the_spec_and_with_nothing_else()
    {
        await Create("logs");

        Assert.Equal(1, (await Api.Patch(Item("logs"), """{"metadata":{"annotations":{"clustergrains.io/run-now":"1"}}}""")).Generation);
        Assert.Equal(1, (await Api.Patch(Item("logs") + "/status", """{"status":{"verdict":"Healthy"}}""")).Generation);
        Assert.Equal(2, (await Api.Patch(Item("logs"), """{"spec":{"suspend":true}}""")).Generation);
    }

    [Fact]
    public async Task A_status_write_changes_the_status_only_and_another_write_never_changes_it()
    {
        var document = (await Create("logs")).Json;
        document["status"] = new JsonObject { ["verdict"] = "Healthy" };
        document.Member("spec")!["suspend"] = true;
        document.Member("metadata")!.Ensure("labels")["team"] = "z";

        var written = (await Api.Put(Item("logs") + "/status", document)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("Healthy", written.Member("status")!.Text("verdict"));
        Assert.False(written.Member("spec")!.Flag("suspend"));
        Assert.Null(written.Member("metadata")!.Member("labels")?.Text("team"));

        written["status"] = new JsonObject { ["verdict"] = "Critical" };
        var replaced = (await Api.Put(Item("logs"), written)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("Healthy", replaced.Member("status")!.Text("verdict"));
    }

    [Theory]
    [InlineData("/status")]
    [InlineData("")]
    public async Task A_replace_of_an_older_version_is_a_conflict_and_changes_nothing(string subresource)
    {
        var old = (await Create("logs")).Json;
        var newer = await Api.Patch(Item("logs"), """{"spec":{"suspend":true}}""");
        old["status"] = new JsonObject { ["verdict"] = "Healthy" };

        var refused = (await Api.Put(Item("logs") + subresource, old)).Expect(HttpStatusCode.Conflict);
        Assert.Equal("Conflict", refused.Json.Text("reason"));
        Assert.Equal(newer.Version, (await Api.Get(Item("logs"))).Version);
    }

    [Theory]
    [InlineData("/status")]
    [InlineData("")]
    public async Task A_replace_of_another_uid_is_a_conflict(string subresource)
    {
        var document = (await Create("logs")).Json;
        document.Member("metadata")!["uid"] = Guid.NewGuid().ToString();

        (await Api.Put(Item("logs") + subresource, document)).Expect(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_write_that_changes_nothing_keeps_the_version()
    {
        var created = await Create("logs");
        var same = await Api.Patch(Item("logs"), """{"spec":{"suspend":false}}""");
        Assert.Equal(created.Version, same.Version);
        Assert.Equal(created.Version, (await Api.Put(Item("logs"), created.Json)).Expect(HttpStatusCode.OK).Version);
    }

    [Fact]
    public async Task NotFound_names_the_object_and_a_missing_kind_does_not()
    {
        var missing = (await Api.Get(Item("logs"))).Expect(HttpStatusCode.NotFound).Json;
        Assert.Equal("NotFound", missing.Text("reason"));
        Assert.Equal("logs", missing.Member("details")!.Text("name"));
        Assert.Equal("searchclusters", missing.Member("details")!.Text("kind"));
        (await Api.Put(Item("logs") + "/status", Cluster("logs"))).Expect(HttpStatusCode.NotFound);

        var unknown = (await Api.Get($"{Group}/namespaces/default/nosuchkinds/logs")).Expect(HttpStatusCode.NotFound);
        Assert.DoesNotContain("\"name\":\"logs\"", unknown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_name_comes_back_with_another_uid_and_generation_1()
    {
        var first = await Create("logs");
        await Api.Patch(Item("logs"), """{"spec":{"suspend":true}}""");
        (await Api.Delete(Item("logs"), """{"preconditions":{"uid":"11111111-1111-1111-1111-111111111111"}}""")).Expect(HttpStatusCode.Conflict);
        (await Api.Delete(Item("logs"))).Expect(HttpStatusCode.OK);
        (await Api.Get(Item("logs"))).Expect(HttpStatusCode.NotFound);

        var second = await Create("logs");
        Assert.NotEqual(first.Uid, second.Uid);
        Assert.Equal(1, second.Generation);
    }

    [Fact]
    public async Task An_object_with_finalizers_stays_until_the_last_is_removed()
    {
        await Create("logs");
        await Api.Patch(Item("logs"), """{"metadata":{"finalizers":["example.com/hold"]}}""");
        (await Api.Delete(Item("logs"))).Expect(HttpStatusCode.OK);

        Assert.NotNull((await Api.Get(Item("logs"))).Json.Member("metadata")!.Text("deletionTimestamp"));
        await Api.Patch(Item("logs"), """{"metadata":{"finalizers":null}}""");
        (await Api.Get(Item("logs"))).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_breaks_the_schema_is_refused_by_field()
    {
        var broken = Cluster("logs");
        broken.Member("spec")!["schedule"] = new JsonObject { ["interval"] = "soon" };
        broken.Member("spec")!["engine"] = "Solr";

        var refused = (await Api.Post(Collection, broken)).Expect(HttpStatusCode.UnprocessableEntity).Json;
        var fields = refused.Member("details")!.Items("causes")!.Select(c => c!.AsObject().Text("field"));
        Assert.Equal(["spec.engine", "spec.schedule.interval"], fields.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Members_the_schema_does_not_know_are_dropped_warned_of_or_refused()
    {
        var unknown = Cluster("logs");
        unknown.Member("spec")!["endpoint"] = "x";
        var strict = (await Api.Post(Collection + "?fieldValidation=Strict", unknown)).Expect(HttpStatusCode.BadRequest);
        Assert.Contains("unknown field \"spec.endpoint\"", strict.Message, StringComparison.Ordinal);

        var warned = (await Api.Post(Collection, unknown)).Expect(HttpStatusCode.Created);
        Assert.Null(warned.Json.Member("spec")!["endpoint"]);
        Assert.Contains("spec.endpoint", string.Join(' ', warned.Headers.GetValues("Warning")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strategic_merge_patch_of_a_custom_resource_is_not_supported()
    {
        await Create("logs");
        (await Api.Patch(Item("logs"), "{}", "strategic-merge-patch+json")).Expect(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task A_failed_test_of_a_json_patch_changes_nothing()
    {
        var created = await Create("logs");
        var patch = """[{"op":"test","path":"/spec/suspend","value":true},{"op":"replace","path":"/spec/suspend","value":true}]""";
        (await Api.Patch(Item("logs"), patch, "json-patch+json")).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(created.Version, (await Api.Get(Item("logs"))).Version);
    }

    [Fact]
    public async Task A_dry_run_answers_as_if_and_changes_nothing()
    {
        var created = await Create("logs");
        var answer = await Api.Patch(Item("logs") + "?dryRun=All", """{"spec":{"suspend":true}}""");
        Assert.Equal(2, answer.Generation);
        Assert.Equal(created.Version, (await Api.Get(Item("logs"))).Version);
    }

    [Fact]
    public async Task Events_are_created_and_found_by_the_object_they_are_about()
    {
        var uid = (await Create("logs")).Uid;
        (await Api.Post($"{Core}/events", new JsonObject
        {
            ["metadata"] = new JsonObject { ["generateName"] = "logs." },
            ["involvedObject"] = new JsonObject
            {
                ["kind"] = "SearchCluster",
                ["namespace"] = Core.Split('/')[^1],
                ["name"] = "logs",
                ["uid"] = uid,
            },
            ["reason"] = "VerdictChanged",
            ["message"] = "Healthy",
            ["type"] = "Normal",
        })).Expect(HttpStatusCode.Created);

        var found = await Api.Get($"{Core}/events?fieldSelector=involvedObject.uid={uid},involvedObject.kind=SearchCluster");
        Assert.StartsWith("logs.", Assert.Single(Names(found)), StringComparison.Ordinal);
        Assert.Empty(Names(await Api.Get($"{Core}/events?fieldSelector=involvedObject.name=other")));
    }

    [Fact]
    public async Task An_event_outside_the_namespace_of_its_object_is_refused()
    {
        var refused = (await Api.Post($"{Core}/events", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "stray" },
            ["involvedObject"] = new JsonObject { ["kind"] = "SearchCluster", ["namespace"] = "elsewhere", ["name"] = "logs" },
        })).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("does not match event.namespace", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_read_by_name_with_their_text_in_base64()
    {
        (await Api.Post($"{Core}/secrets", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "login" },
            ["stringData"] = new JsonObject { ["username"] = "admin" },
        })).Expect(HttpStatusCode.Created);

        var read = (await Api.Get($"{Core}/secrets/login")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("YWRtaW4=", read.Member("data")!.Text("username"));
        Assert.Equal("Opaque", read.Text("type"));
    }

    [Fact]
    public async Task Nothing_is_created_in_a_namespace_that_is_not_there()
    {
        var refused = await Api.Post($"{Group}/namespaces/nowhere-{Guid.NewGuid():N}/searchclusters", Cluster("logs"));
        Assert.Equal("namespaces", refused.Expect(HttpStatusCode.NotFound).Json.Member("details")!.Text("kind"));
    }
}
