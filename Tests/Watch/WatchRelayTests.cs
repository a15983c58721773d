using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Watch;

/// <summary>The relay over real sockets: what it tells the grains, and how it survives what API servers do.</summary>
public sealed class WatchRelayTests
{
    [Fact]
    public async Task What_differs_from_the_index_is_told_and_what_does_not_is_not()
    {
        await using var rig = await RelayRig.Create();
        rig.Settle("same");
        rig.Settle("edited");
        rig.Settle("annotated");
        rig.Settle("recreated");
        rig.Settle("revived");
        rig.Api.Objects["edited"] = Json.Object("edited", generation: 2);
        rig.Api.Objects["annotated"] = Json.Object("annotated", annotations: """{"clustergrains.io/run-now":"1"}""");
        rig.Api.Objects["recreated"] = Json.Object("recreated", uid: "another");
        rig.Index.Put("revived", phase: "Retired");
        rig.Api.Objects["new"] = Json.Object("new");

        rig.Start();

        Assert.Equal(["annotated@1", "edited@2", "new@1", "recreated@1", "revived@1"], await rig.Told.Next(5));
        await rig.Api.Watch();
        Assert.True(rig.Told.IsSilent);
    }

    [Fact]
    public async Task Deletes_missed_in_a_gap_are_asked_about()
    {
        await using var rig = await RelayRig.Create();
        rig.Settle("there");
        rig.Index.Put("missing");
        rig.Index.Put("retiring", phase: "Retiring");
        rig.Index.Put("retired", phase: "Retired");

        rig.Start();

        Assert.Equal(["missing?", "retiring?"], await rig.Told.Next(2));
        await rig.Api.Watch();
        Assert.True(rig.Told.IsSilent);
    }

    [Fact]
    public async Task Edits_and_deletes_are_told_as_they_happen()
    {
        await using var rig = await RelayRig.Create();
        rig.Start();
        var watch = await rig.Api.Watch();

        await watch.Send(Json.Added(Json.Object("a")));
        Assert.Equal("a@1", await rig.Told.Next());
        await watch.Send(Json.Modified(Json.Object("a", generation: 2)));
        Assert.Equal("a@2", await rig.Told.Next());
        await watch.Send(Json.Deleted(Json.Object("a", generation: 2)));
        Assert.Equal("a deleted uid-a", await rig.Told.Next());
        await watch.Send(Json.Added(Json.Object("a", uid: "second")));
        Assert.Equal("a@1", await rig.Told.Next());
    }

    [Fact]
    public async Task The_echo_of_our_own_status_writes_tells_nobody_anything()
    {
        await using var rig = await RelayRig.Create();
        rig.Settle("a");
        rig.Start();
        var watch = await rig.Api.Watch();

        await watch.Send(Json.Modified(Json.Object("a", version: 101)));
        await watch.Send(Json.Modified(Json.Object("a", version: 102)));
        await watch.Send(Json.Modified(Json.Object("b")));

        Assert.Equal("b@1", await rig.Told.Next());
    }

    [Fact]
    public async Task Another_spec_under_the_same_generation_is_told()
    {
        await using var rig = await RelayRig.Create();
        rig.Settle("a");
        rig.Start();
        var watch = await rig.Api.Watch();

        await watch.Send(Json.Modified(Json.Object("a", spec: """{"suspend":true}""")));

        Assert.Equal("a@1", await rig.Told.Next());
    }

    [Fact]
    public async Task A_watch_that_ends_as_asked_goes_on_where_it_was_without_a_list()
    {
        await using var rig = await RelayRig.Create();
        rig.Start();
        var first = await rig.Api.Watch();
        await first.Send(Json.Added(Json.Object("a", version: 120)));
        await rig.Told.Next();
        first.Close();

        var second = await rig.Api.Watch();

        Assert.Equal("120", second.Query("resourceVersion"));
        Assert.InRange(int.Parse(second.Query("timeoutSeconds")), 300, 600);
        Assert.Equal("true", second.Query("allowWatchBookmarks"));
        Assert.Single(rig.Api.ListQueries);
    }

    [Fact]
    public async Task A_broken_connection_goes_on_where_it_was_without_a_list()
    {
        await using var rig = await RelayRig.Create();
        rig.Start();
        var first = await rig.Api.Watch();
        await first.Send(Json.Added(Json.Object("a", version: 120)));
        await rig.Told.Next();
        first.Break();

        Assert.Equal("120", (await rig.Api.Watch()).Query("resourceVersion"));
        Assert.Single(rig.Api.ListQueries);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_place_the_server_has_forgotten_is_listed_anew(bool inStream)
    {
        await using var rig = await RelayRig.Create();
        rig.Settle("a");
        if (!inStream)
        {
            rig.Api.Refusals.Enqueue(context => ScriptedApi.Fail(context, 410, "Expired"));
        }

        rig.Start();
        if (inStream)
        {
            var watch = await rig.Api.Watch();
            rig.Api.Objects["b"] = Json.Object("b");
            rig.Api.ResourceVersion = "900";
            await watch.Send(Json.Error(410, "Expired"));
        }

        var next = await rig.Api.Watch();
        Assert.Equal(rig.Api.ResourceVersion, next.Query("resourceVersion"));
        Assert.Equal(2, rig.Api.ListQueries.Count);
        if (inStream)
        {
            Assert.Equal("b@1", await rig.Told.Next());
        }
    }

    [Fact]
    public async Task A_server_that_refuses_every_place_within_the_stream_is_asked_ever_more_slowly()
    {
        var time = new ArmedTime();
        await using var rig = await RelayRig.Create(time);
        rig.Start();
        await (await rig.Api.Watch()).Send(Json.Error(410, "Expired"));

        await (await rig.Api.Watch()).Send(Json.Error(410, "Expired"));
        var first = await time.EndPause();
        await (await rig.Api.Watch()).Send(Json.Error(410, "Expired"));
        var second = await time.EndPause();

        Assert.True(second >= first, $"{second} after {first}");
        await rig.Api.Watch();
    }

    [Fact]
    public async Task A_watch_that_brings_nothing_but_rubbish_is_opened_ever_more_slowly()
    {
        var time = new ArmedTime();
        await using var rig = await RelayRig.Create(time);
        rig.Start();
        for (var i = 0; i < 3; i++)
        {
            var watch = await rig.Api.Watch();
            await watch.Send("<html>502 Bad Gateway</html>");
            watch.Close();
            await time.EndPause();
        }

        await rig.Api.Watch();
    }

    [Fact]
    public async Task A_place_that_cannot_be_resumed_is_listed_anew_after_a_few_attempts()
    {
        var time = new ArmedTime();
        await using var rig = await RelayRig.Create(time);
        for (var i = 0; i < 3; i++)
        {
            rig.Api.Refusals.Enqueue(context => ScriptedApi.Fail(context, 504, "Timeout", "Too large resource version"));
        }

        rig.Start();
        await time.EndPause();
        await time.EndPause();
        await time.EndPause();

        await rig.Api.Watch();
        Assert.Equal(2, rig.Api.ListQueries.Count);
    }

    [Fact]
    public async Task A_429_right_after_the_crd_appears_is_waited_out_as_long_as_the_server_asks()
    {
        var time = new ArmedTime();
        await using var rig = await RelayRig.Create(time);
        rig.Settle("a", generation: 1);
        rig.Index.Rows.Clear();
        rig.Api.Lists.Enqueue(context =>
            ScriptedApi.Fail(context, 429, "TooManyRequests", "storage is (re)initializing", retryAfter: "7"));

        rig.Start();

        Assert.Equal(TimeSpan.FromSeconds(7), await time.EndPause());
        Assert.Equal("a@1", await rig.Told.Next());
    }

    [Fact]
    public async Task A_missing_crd_is_waited_for_and_the_cure_is_told()
    {
        var time = new ArmedTime();
        await using var rig = await RelayRig.Create(time);
        rig.Api.Objects["a"] = Json.Object("a");
        rig.Api.Lists.Enqueue(context =>
        {
            context.Response.StatusCode = 404;
            return ScriptedApi.Json(context, "404 page not found");
        });

        rig.Start();
        var pause = await time.Armed(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(9));
        Assert.Contains("kubectl apply -f k8s/crds", Assert.Single(rig.Health.Watches).Problem);
        time.Advance(pause);

        Assert.Equal("a@1", await rig.Told.Next());
        await rig.Api.Watch();
        Assert.Null(Assert.Single(rig.Health.Watches).Problem);
    }

    [Fact]
    public async Task A_refusal_names_the_missing_rule()
    {
        var time = new ArmedTime();
        await using var rig = await RelayRig.Create(time);
        rig.Api.Lists.Enqueue(context => ScriptedApi.Fail(context, 403, "Forbidden"));

        rig.Start();
        await time.Armed(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(9));

        Assert.Contains(
            """{ apiGroups: ["clustergrains.io"], resources: ["searchclusters"], verbs: ["list"] } in a ClusterRole""",
            Assert.Single(rig.Health.Watches).Problem);
    }

    [Fact]
    public async Task An_expired_page_token_restarts_the_list_and_retires_nothing()
    {
        var time = new ArmedTime();
        await using var rig = await RelayRig.Create(time);
        rig.Index.Put("a");
        rig.Index.Put("b");
        rig.Api.Lists.Enqueue(context => ScriptedApi.Page(context, "100", "token", Json.Object("a")));
        rig.Api.Lists.Enqueue(context => ScriptedApi.Fail(context, 410, "Expired"));
        rig.Api.Lists.Enqueue(context => ScriptedApi.Page(context, "200", "again", Json.Object("a")));
        rig.Api.Lists.Enqueue(context => ScriptedApi.Page(context, "200", null, Json.Object("b")));

        rig.Start();

        Assert.Equal("200", (await rig.Api.Watch()).Query("resourceVersion"));
        Assert.Equal(
            ["?limit=500", "?limit=500&continue=token", "?limit=500", "?limit=500&continue=again"], rig.Api.ListQueries);
        Assert.True(rig.Told.IsSilent);
    }

    [Fact]
    public async Task An_undecodable_object_stops_no_other_and_retires_nothing()
    {
        await using var rig = await RelayRig.Create();
        rig.Index.Put("bad");
        rig.Api.Objects["bad"] = """{"metadata":{"name":"bad","namespace":"search"},"spec":"what?"}""";
        rig.Api.Objects["good"] = Json.Object("good");
        rig.Start();
        Assert.Equal("good@1", await rig.Told.Next());
        var watch = await rig.Api.Watch();

        await watch.Send("""{"type":"MODIFIED","object":{"metadata":{"name":"bad","namespace":"search","resourceVersion":"7"}}}""");
        await watch.Send("this is not JSON");
        await watch.Send("""{"type":"SURPRISE","object":{}}""");
        await watch.Send(Json.Modified(Json.Object("good", generation: 2)));

        Assert.Equal("good@2", await rig.Told.Next());
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_passed_over()
    {
        await using var rig = await RelayRig.Create(options: new() { MaxLine = 2_000 });
        rig.Start();
        var watch = await rig.Api.Watch();

        await watch.Send(Json.Added(Json.Object("long", spec: $$"""{"x":"{{new string('x', 200_000)}}"}""")));
        await watch.Send(Json.Added(Json.Object("short")));

        Assert.Equal("short@1", await rig.Told.Next());
    }

    [Fact]
    public async Task A_failed_delivery_is_repeated_until_it_succeeds()
    {
        var time = new ArmedTime();
        await using var rig = await RelayRig.Create(time);
        var attempts = 0;
        rig.Told.Meanwhile = (_, _) => ++attempts < 3 ? throw new TimeoutException() : Task.CompletedTask;
        rig.Start();
        var watch = await rig.Api.Watch();

        await watch.Send(Json.Added(Json.Object("a")));
        await time.EndPause();
        await time.EndPause();

        Assert.Equal("a@1", await rig.Told.Next());
    }

    [Fact]
    public async Task While_a_grain_is_slow_only_the_latest_waits_for_it()
    {
        await using var rig = await RelayRig.Create();
        var slow = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        rig.Told.Meanwhile = (address, _) =>
        {
            if (address.Key.Name != "slow")
            {
                return Task.CompletedTask;
            }

            begun.TrySetResult();
            return slow.Task;
        };
        rig.Start();
        var watch = await rig.Api.Watch();
        await watch.Send(Json.Added(Json.Object("slow")));
        await Await.Soon(begun.Task);

        for (var generation = 2; generation <= 20; generation++)
        {
            await watch.Send(Json.Modified(Json.Object("slow", generation)));
        }

        await watch.Send(Json.Added(Json.Object("quick")));
        Assert.Equal("quick@1", await rig.Told.Next());
        slow.SetResult();

        Assert.Equal("slow@1", await rig.Told.Next());
        Assert.Equal("slow@20", await rig.Told.Next());
    }

    [Fact]
    public async Task Two_relays_at_once_are_harmless()
    {
        await using var rig = await RelayRig.Create();
        rig.Api.Objects["a"] = Json.Object("a");
        rig.Start();
        rig.Start();
        var watches = new[] { await rig.Api.Watch(), await rig.Api.Watch() };

        Assert.Equal(["a@1", "a@1"], await rig.Told.Next(2));
        foreach (var watch in watches)
        {
            await watch.Send(Json.Deleted(Json.Object("a")));
        }

        Assert.Equal(["a deleted uid-a", "a deleted uid-a"], await rig.Told.Next(2));
    }

    [Fact]
    public async Task Health_knows_the_last_list_and_the_last_line()
    {
        var time = new ArmedTime();
        await using var rig = await RelayRig.Create(time);
        rig.Start();
        var watch = await rig.Api.Watch();
        var listed = time.GetUtcNow();
        time.Advance(TimeSpan.FromSeconds(20));
        await watch.Send(Json.Added(Json.Object("a")));
        await rig.Told.Next();

        var state = Assert.Single(rig.Health.Watches);

        Assert.Equal(("SearchCluster", null), (state.Kind, state.Namespace));
        Assert.Equal(listed, state.LastList);
        Assert.Equal(listed.AddSeconds(20), state.LastLine);
    }

    [Fact]
    public async Task Only_the_namespaces_of_the_setting_are_listed_watched_and_asked_about()
    {
        await using var rig = await RelayRig.Create(namespaces: ["search", "logs"]);
        rig.Index.Put("missing");
        rig.Index.Put("elsewhere");
        var elsewhere = new ResourceKey("other", "elsewhere");
        rig.Index.Rows.TryRemove(new ResourceKey("search", "elsewhere"), out var row);
        rig.Index.Rows[elsewhere] = row! with { Namespace = "other" };

        rig.Start();

        Assert.Equal("missing?", await rig.Told.Next());
        string[] paths = [(await rig.Api.Watch()).Path, (await rig.Api.Watch()).Path];
        Assert.Equal(
            [
                "/apis/clustergrains.io/v1alpha1/namespaces/logs/searchclusters",
                "/apis/clustergrains.io/v1alpha1/namespaces/search/searchclusters",
            ],
            paths.Order(StringComparer.Ordinal));
        Assert.True(rig.Told.IsSilent);
    }

    [Fact]
    public async Task A_relay_knows_how_long_the_server_has_said_nothing()
    {
        var time = new ArmedTime();
        await using var rig = await RelayRig.Create(time);
        rig.Start();
        var watch = await rig.Api.Watch();
        await time.Armed(TimeSpan.FromSeconds(75), TimeSpan.FromSeconds(75));

        time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(TimeSpan.FromSeconds(40), rig.Relay!.Silence);
        await watch.Send(Json.Added(Json.Object("a")));
        await rig.Told.Next();

        Assert.Equal(TimeSpan.Zero, rig.Relay.Silence);
    }
}
