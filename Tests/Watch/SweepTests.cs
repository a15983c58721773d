using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Tests.Watch;

/// <summary>The double check over real sockets: what it tells the grains, and what it concludes nothing from.</summary>
public sealed class SweepTests
{
    [Fact]
    public async Task What_agrees_is_left_alone()
    {
        await using var rig = await SweepRig.Create();
        rig.Settle("a");
        rig.Index.Put("retiring", phase: "Retiring");
        rig.Index.Put("retired", phase: "Retired");
        string? accept = null;
        rig.Api.Lists.Enqueue(context =>
        {
            accept = context.Request.Headers.Accept;
            return ScriptedApi.Page(context, "100", null, rig.Api.Objects.Values);
        });

        Assert.True(await rig.Sweep());

        Assert.True(rig.Told.IsSilent);
        Assert.Equal(["complete"], rig.Sweeps);
        Assert.Empty(rig.Drift);
        Assert.Equal(["?limit=500"], rig.Api.ListQueries);
        Assert.StartsWith("application/json; as=PartialObjectMetadataList; g=meta.k8s.io; v=v1", accept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_relay_missed_is_told_named_and_counted()
    {
        await using var rig = await SweepRig.Create();
        rig.Settle("same");
        rig.Settle("edited");
        rig.Settle("annotated");
        rig.Settle("recreated");
        rig.Api.Objects["edited"] = Json.Object("edited", generation: 2);
        rig.Api.Objects["annotated"] = Json.Object("annotated", annotations: """{"clustergrains.io/run-now":"1"}""");
        rig.Api.Objects["recreated"] = Json.Object("recreated", uid: "another");
        rig.Api.Objects["new"] = Json.Object("new");
        rig.Api.Objects["revived"] = Json.Object("revived");
        rig.Index.Put("revived", phase: "Retired");
        rig.Index.Put("gone");

        Assert.True(await rig.Sweep());

        Assert.Equal(["annotated@1", "edited@2", "gone?", "new@1", "recreated@1", "revived@1"], await rig.Told.Next(6));
        Assert.True(rig.Told.IsSilent);
        Assert.Equal(
            ["changed repaired", "changed repaired", "changed repaired", "gone repaired", "missing repaired", "missing repaired"],
            rig.Drift);
        var said = string.Join('\n', rig.Log.Warnings.Order(StringComparer.Ordinal));
        Assert.Contains("SearchCluster search/annotated out of touch: its grain knows other annotations than the object has", said);
        Assert.Contains("SearchCluster search/edited out of touch: its grain knows generation 1, the object's is 2", said);
        Assert.Contains("SearchCluster search/gone out of touch: its grain still lives for an object that is gone", said);
        Assert.Contains("SearchCluster search/new out of touch: its grain has never heard of it", said);
        Assert.Contains("SearchCluster search/recreated out of touch: its grain lives for uid uid-recreated, the object's is another", said);
        Assert.Contains("SearchCluster search/revived out of touch: its grain is Retired although the object exists", said);
    }

    [Fact]
    public async Task Nothing_is_concluded_from_a_row_that_cannot_be_read_and_the_others_are_compared()
    {
        await using var rig = await SweepRig.Create();
        rig.Settle("torn");
        rig.Settle("edited");
        rig.Api.Objects["edited"] = Json.Object("edited", generation: 2);
        rig.Index.Put("nowhere");
        foreach (var key in rig.Index.Rows.Keys.Where(key => key.Name is "torn" or "nowhere"))
        {
            rig.Index.Rows[key] = rig.Index.Rows[key] with { Generation = 0, Damage = "generation" };
        }

        Assert.True(await rig.Sweep());

        Assert.Equal(["edited@2"], await rig.Told.Next(1));
        Assert.True(rig.Told.IsSilent);
        Assert.Equal(["changed repaired"], rig.Drift);
    }

    [Fact]
    public async Task What_the_relay_tells_between_two_looks_is_no_drift()
    {
        await using var rig = await SweepRig.Create();
        rig.Settle("edited");
        rig.Api.Objects["edited"] = Json.Object("edited", generation: 2);
        rig.Api.Objects["new"] = Json.Object("new");
        rig.Index.Put("deleted");
        rig.Settle("busy");
        rig.Api.Objects["busy"] = Json.Object("busy", generation: 2);

        Assert.True(await rig.Sweep(between: () =>
        {
            rig.Index.Put("edited", generation: 2);
            rig.Index.Put("new");
            rig.Index.Put("deleted", phase: "Retiring");
            rig.Index.Put("busy", generation: 4);
            rig.Api.Objects["busy"] = Json.Object("busy", generation: 5);
            rig.Settle("later");
            rig.Api.Objects["later"] = Json.Object("later", generation: 2);
        }));

        Assert.True(rig.Told.IsSilent);
        Assert.Empty(rig.Drift);
    }

    [Fact]
    public async Task A_grain_that_has_not_moved_is_told_although_its_object_is_edited_again_and_again()
    {
        await using var rig = await SweepRig.Create();
        rig.Settle("a");
        rig.Api.Objects["a"] = Json.Object("a", generation: 2);

        Assert.True(await rig.Sweep(between: () => rig.Api.Objects["a"] = Json.Object("a", generation: 3)));

        Assert.Equal("a@3", await rig.Told.Next());
        Assert.Equal(["changed repaired"], rig.Drift);
    }

    [Fact]
    public async Task What_the_consistent_read_does_not_confirm_is_left_alone()
    {
        await using var rig = await SweepRig.Create();
        rig.Settle("a");
        for (var look = 0; look < 2; look++)
        {
            rig.Api.Lists.Enqueue(context => ScriptedApi.Page(context, "100", null));
        }

        Assert.True(await rig.Sweep());

        Assert.True(rig.Told.IsSilent);
        Assert.Empty(rig.Drift);
    }

    [Theory]
    [InlineData(429, "TooManyRequests")]
    [InlineData(500, "InternalError")]
    [InlineData(410, "Expired")]
    [InlineData(403, "Forbidden")]
    [InlineData(404, "NotFound")]
    public async Task A_failed_list_or_page_or_second_look_concludes_nothing_and_the_next_sweep_does(int code, string reason)
    {
        await using var rig = await SweepRig.Create();
        rig.Index.Put("gone");
        rig.Settle("edited");
        rig.Api.Objects["edited"] = Json.Object("edited", generation: 2);
        Task Fail(HttpContext context) => ScriptedApi.Fail(context, code, reason);
        Task Whole(HttpContext context) => ScriptedApi.Page(context, "100", null, rig.Api.Objects.Values);
        Task First(HttpContext context) => ScriptedApi.Page(context, "100", "token", rig.Api.Objects.Values);
        Func<HttpContext, Task>[][] cases = [[Fail], [Whole, Fail], code == 410 ? [Fail] : [First, Fail]];
        foreach (var answers in cases)
        {
            Array.ForEach(answers, rig.Api.Lists.Enqueue);
            Assert.False(await rig.Sweep());
            Assert.True(rig.Told.IsSilent);
            Assert.Contains(code.ToString(null, null), Assert.Single(rig.Health.Problems), StringComparison.Ordinal);
        }

        Assert.All(rig.Log.Warnings, said => Assert.Contains("is left to the next sweep", said, StringComparison.Ordinal));
        Assert.True(await rig.Sweep());
        Assert.Equal(["edited@2", "gone?"], await rig.Told.Next(2));
        Assert.Empty(rig.Health.Problems);
        Assert.Equal(["failed", "failed", "failed", "complete"], rig.Sweeps);
    }

    [Fact]
    public async Task A_list_whose_token_expires_begins_anew_but_not_for_ever()
    {
        await using var rig = await SweepRig.Create();
        rig.Settle("a");
        rig.Settle("b");
        Task First(HttpContext context) => ScriptedApi.Page(context, "100", "token", Json.Object("a"));
        Task Expired(HttpContext context) => ScriptedApi.Fail(context, 410, "Expired");
        rig.Api.Lists.Enqueue(First);
        rig.Api.Lists.Enqueue(Expired);

        Assert.True(await rig.Sweep());
        Assert.Equal(["?limit=500", "?limit=500&continue=token", "?limit=500"], rig.Api.ListQueries);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            rig.Api.Lists.Enqueue(First);
            rig.Api.Lists.Enqueue(Expired);
        }

        Assert.False(await rig.Sweep());
        Assert.True(rig.Told.IsSilent);
    }

    [Fact]
    public async Task An_object_that_cannot_be_read_is_said_and_never_taken_for_gone()
    {
        await using var rig = await SweepRig.Create();
        rig.Index.Put("bad");
        rig.Api.Objects["bad"] = """{"metadata":{"name":"bad","namespace":"search"}}""";
        rig.Api.Objects["good"] = Json.Object("good");

        Assert.True(await rig.Sweep());

        Assert.Equal("good@1", await rig.Told.Next());
        Assert.True(rig.Told.IsSilent);
        Assert.Single(rig.Log.Warnings, said => said.StartsWith("Skipped search/bad", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rows_of_other_kinds_and_what_its_grain_knows_is_gone_are_left_alone()
    {
        await using var rig = await SweepRig.Create();
        rig.Index.Put("other");
        var (key, row) = Assert.Single(rig.Index.Rows);
        rig.Index.Rows[key] = row with { Kind = "SearchDataset" };

        Assert.True(await rig.Sweep());

        Assert.True(rig.Told.IsSilent);
    }

    [Fact]
    public async Task A_repair_that_fails_is_counted_stops_no_other_and_is_tried_again_by_the_next_sweep()
    {
        await using var rig = await SweepRig.Create();
        rig.Api.Objects["a"] = Json.Object("a");
        rig.Api.Objects["b"] = Json.Object("b");
        rig.Told.Meanwhile = (address, _) =>
            address.Key.Name == "a" ? throw new TimeoutException("its storage is slow") : Task.CompletedTask;

        Assert.False(await rig.Sweep());

        Assert.Equal("b@1", await rig.Told.Next());
        Assert.Equal(["missing failed", "missing repaired"], rig.Drift);
        Assert.Contains(
            "the first: SearchCluster search/a: its storage is slow", Assert.Single(rig.Health.Problems), StringComparison.Ordinal);

        rig.Index.Put("b");
        rig.Told.Meanwhile = (_, _) => Task.CompletedTask;
        Assert.True(await rig.Sweep());
        Assert.Equal("a@1", await rig.Told.Next());
    }

    [Fact]
    public async Task A_read_that_fails_concludes_nothing()
    {
        await using var rig = await SweepRig.Create();
        rig.Index.Put("gone");
        var answer = rig.Api.Otherwise;
        rig.Api.Otherwise = context => ScriptedApi.Fail(context, 404, "NotFound");

        Assert.False(await rig.Sweep());
        Assert.True(rig.Told.IsSilent);

        rig.Api.Otherwise = answer;
        Assert.True(await rig.Sweep());
        Assert.Equal("gone?", await rig.Told.Next());
    }

    [Fact]
    public async Task When_every_repair_fails_the_sweep_gives_up_soon()
    {
        await using var rig = await SweepRig.Create(new() { MaxDeliveries = 1, MaxFailedRepairs = 3 });
        for (var i = 0; i < 10; i++)
        {
            rig.Api.Objects[$"r{i}"] = Json.Object($"r{i}");
        }

        rig.Told.Meanwhile = (_, _) => throw new TimeoutException("no");

        Assert.False(await rig.Sweep());

        Assert.Equal(3, rig.Drift.Count());
    }

    [Fact]
    public async Task A_great_drift_is_repaired_whole_and_named_in_part()
    {
        await using var rig = await SweepRig.Create(new() { MaxReportedDrift = 3 });
        for (var i = 0; i < 10; i++)
        {
            rig.Api.Objects[$"r{i}"] = Json.Object($"r{i}");
        }

        Assert.True(await rig.Sweep());

        Assert.Equal(10, (await rig.Told.Next(10)).Length);
        Assert.Equal(4, rig.Log.Warnings.Count());
        Assert.Contains(rig.Log.Warnings, said => said.Contains("told 7 more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_age_is_that_of_the_last_complete_sweep()
    {
        await using var rig = await SweepRig.Create();
        Assert.False(rig.Health.HasComparedAll);
        rig.Time.Advance(TimeSpan.FromMinutes(5));
        rig.Api.Lists.Enqueue(context => ScriptedApi.Fail(context, 500, "InternalError"));
        Assert.False(await rig.Sweep());
        Assert.Equal(TimeSpan.FromMinutes(5), rig.Age());
        Assert.False(rig.Health.HasComparedAll);

        Assert.True(await rig.Sweep());
        Assert.Equal(TimeSpan.Zero, rig.Age());
        Assert.True(rig.Health.HasComparedAll);

        rig.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.FromMinutes(5), rig.Age());
    }

    [Fact]
    public async Task An_api_server_that_is_away_is_said_and_concludes_nothing()
    {
        await using var rig = await SweepRig.Create();
        rig.Index.Put("a");
        await rig.Api.Stop();

        Assert.False(await rig.Sweep());

        Assert.True(rig.Told.IsSilent);
        Assert.Contains("did not answer list", Assert.Single(rig.Health.Problems), StringComparison.Ordinal);
    }
}
