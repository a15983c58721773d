using System.Net;
using ClusterGrains.Sandbox.Kubernetes;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

public abstract partial class KubernetesApiContract
{
    [Fact]
    public async Task A_watch_from_a_list_tells_every_change_once_and_in_order()
    {
        await Create("before");
        var version = (await List()).Version;
        await Create("a");
        using var watch = await Api.Watch($"{Collection}?watch=true&resourceVersion={version}");
        await Create("b");
        await Api.Patch(Item("a"), """{"spec":{"suspend":true}}""");
        await Api.Delete(Item("b"));
        await Create("c");

        var versions = new List<long>();
        foreach (var expected in new[] { ("ADDED", "a"), ("ADDED", "b"), ("MODIFIED", "a"), ("DELETED", "b"), ("ADDED", "c") })
        {
            var (type, document) = await watch.Next();
            Assert.Equal(expected, (type, document.Member("metadata")!.Text("name")));
            versions.Add(long.Parse(document.Member("metadata")!.Text("resourceVersion")!, null));
        }

        Assert.Equal(versions.Order(), versions);
        Assert.Equal(versions.Count, versions.Distinct().Count());
    }

    [Fact]
    public async Task A_watch_without_a_version_begins_with_what_is_there()
    {
        await Create("a");
        await Create("b");
        using var watch = await Api.Watch($"{Collection}?watch=true");
        Assert.Equal([("ADDED", "a"), ("ADDED", "b")], [await watch.NextName(), await watch.NextName()]);
        await Create("c");
        Assert.Equal(("ADDED", "c"), await watch.NextName());
    }

    [Fact]
    public async Task A_watch_with_initial_events_ends_them_with_a_bookmark()
    {
        await Create("a");
        using var watch = await Api.Watch(
            $"{Collection}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        Assert.Equal(("ADDED", "a"), await watch.NextName());
        var (type, document) = await watch.Next();
        Assert.Equal("BOOKMARK", type);
        Assert.Equal("true", document.Member("metadata")!.Member("annotations")!.Text("k8s.io/initial-events-end"));
        Assert.True(long.Parse(document.Member("metadata")!.Text("resourceVersion")!, null) > 0);
    }

    [Fact]
    public async Task A_watch_from_before_the_known_history_is_an_error_410_in_a_200()
    {
        await Create("a");
        await ForgetHistory();
        using var watch = await Api.Watch($"{Collection}?watch=true&resourceVersion=1");
        Assert.Equal(HttpStatusCode.OK, watch.Response.StatusCode);
        var (type, status) = await watch.Next();
        Assert.Equal("ERROR", type);
        Assert.Equal("Expired", status.Text("reason"));
        Assert.Equal(410, status.Integer("code"));
        Assert.Null(await watch.Line());
    }

    [Fact]
    public async Task A_watch_with_a_selector_shows_coming_and_going()
    {
        await Create("a", team: "one");
        var version = (await List()).Version;
        using var watch = await Api.Watch($"{Collection}?watch=true&resourceVersion={version}&labelSelector=team%3Dtwo");
        await Api.Patch(Item("a"), """{"metadata":{"labels":{"team":"two"}}}""");
        await Api.Patch(Item("a"), """{"spec":{"suspend":true}}""");
        await Api.Patch(Item("a"), """{"metadata":{"labels":{"team":"three"}}}""");

        Assert.Equal(("ADDED", "a"), await watch.NextName());
        Assert.Equal(("MODIFIED", "a"), await watch.NextName());
        Assert.Equal(("DELETED", "a"), await watch.NextName());
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_up()
    {
        using var watch = await Api.Watch($"{Collection}?watch=true&timeoutSeconds=1");
        Assert.Null(await watch.Line());
    }

    [Fact]
    public async Task A_deletion_carries_the_last_state_under_the_version_of_the_deletion()
    {
        var created = await Create("a");
        using var watch = await Api.Watch($"{Collection}?watch=true&resourceVersion={created.Version}");
        await Api.Delete(Item("a"));
        var (type, document) = await watch.Next();
        Assert.Equal("DELETED", type);
        Assert.Equal(created.Uid, document.Member("metadata")!.Text("uid"));
        Assert.NotEqual(created.Version, document.Member("metadata")!.Text("resourceVersion"));
    }

    [Fact]
    public async Task A_watch_of_metadata_carries_no_spec()
    {
        await Create("a");
        using var watch = await Api.Watch(
            $"{Collection}?watch=true", "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io");
        var (_, document) = await watch.Next();
        Assert.Equal("PartialObjectMetadata", document.Text("kind"));
        Assert.Null(document["spec"]);
    }
}
