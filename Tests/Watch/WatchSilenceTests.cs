namespace ClusterGrains.Tests.Watch;

/// <summary>Watches that say nothing.</summary>
public sealed class WatchSilenceTests
{
    [Fact]
    public async Task A_socket_that_goes_silent_without_closing_is_replaced_within_the_deadline()
    {
        await using var rig = await RelayRig.Create(options: new() { InactivityDeadline = TimeSpan.FromSeconds(0.3) });
        rig.Settle("a");
        rig.Start();
        var silent = await rig.Api.Watch();
        await silent.Send(Json.Bookmark(150));

        var next = await rig.Api.Watch();

        Assert.Equal("150", next.Query("resourceVersion"));
        Assert.Single(rig.Api.ListQueries);
        await Await.Soon(silent.Abandoned);
        await next.Send(Json.Modified(Json.Object("a", generation: 2)));
        Assert.Equal("a@2", await rig.Told.Next());
    }

    [Fact]
    public async Task A_watch_that_never_said_anything_is_followed_by_a_list_because_its_place_may_lie_in_the_future()
    {
        await using var rig = await RelayRig.Create(options: new() { InactivityDeadline = TimeSpan.FromSeconds(0.3) });
        rig.Settle("a");
        rig.Start();
        var mute = await rig.Api.Watch();

        await rig.Api.Watch();

        await Await.Soon(mute.Abandoned);
        Assert.Equal(2, rig.Api.ListQueries.Count);
    }

    [Fact]
    public async Task Silence_is_noticed_after_75_seconds_and_not_before_and_every_line_counts()
    {
        var time = new ArmedTime();
        await using var rig = await RelayRig.Create(time);
        rig.Start();
        var watch = await rig.Api.Watch();
        await time.Armed(TimeSpan.FromSeconds(75), TimeSpan.FromSeconds(75));

        time.Advance(TimeSpan.FromSeconds(60));
        await watch.Send(Json.Added(Json.Object("a")));
        await rig.Told.Next();
        time.Advance(TimeSpan.FromSeconds(74));
        await watch.Send(Json.Added(Json.Object("b")));
        Assert.Equal("b@1", await rig.Told.Next());
        time.Advance(TimeSpan.FromSeconds(75));
        await time.EndPause();

        await rig.Api.Watch();
    }

    [Fact]
    public async Task Lines_that_tell_nothing_make_no_watch_fresh()
    {
        var time = new ArmedTime();
        await using var rig = await RelayRig.Create(time);
        rig.Start();
        var watch = await rig.Api.Watch();
        await time.Armed(TimeSpan.FromSeconds(75), TimeSpan.FromSeconds(75));
        Assert.Equal(TimeSpan.Zero, Assert.Single(rig.Health.Ages()).Age);

        time.Advance(TimeSpan.FromSeconds(60));
        await watch.Send("");
        await watch.Send("this is not JSON");
        await watch.Send("""{"type":"SURPRISE","object":{"metadata":{"resourceVersion":"7"}}}""");
        await watch.Send(Json.Error(500, "InternalError"));
        var pause = await time.EndPause();

        Assert.Equal(TimeSpan.FromSeconds(60) + pause, Assert.Single(rig.Health.Ages()).Age);
    }
}
