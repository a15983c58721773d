using ClusterGrains.Access;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Sandbox.Kubernetes.Users;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterGrains.Tests.Access;

/// <summary>What RBAC says is what a caller sees.</summary>
public sealed class RightsTests(AccessWorld world) : IClassFixture<AccessWorld>
{
    private static readonly string[] Namespaces = ["team-a", "team-b", "team-c"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ICallerRights Rights => world.Services.GetRequiredService<ICallerRights>();

    [Fact]
    public async Task A_right_in_a_namespace_shows_that_namespace()
    {
        var caller = await Caller(AccessWorld.TeamA);

        var scope = await Rights.Scope(caller, SearchClusters.Kind, Namespaces, Cancellation);

        Assert.False(scope.IsAll);
        Assert.Equal(["team-a"], scope.Names);
        Assert.True(await Rights.MaySee(caller, SearchClusters.Kind, "team-a", Cancellation));
        Assert.False(await Rights.MaySee(caller, SearchClusters.Kind, "team-b", Cancellation));
    }

    [Fact]
    public async Task A_right_in_the_whole_cluster_shows_every_namespace()
    {
        var caller = await Caller(AccessWorld.Operator);

        Assert.True((await Rights.Scope(caller, SearchDatasets.Kind, Namespaces, Cancellation)).IsAll);
        Assert.True(await Rights.MaySee(caller, SearchDatasets.Kind, "team-z", Cancellation));
    }

    [Fact]
    public async Task A_right_to_one_kind_or_one_verb_is_no_right_to_another()
    {
        const string token = "lists-clusters-of-team-a";
        world.Kubernetes.Users.Add(new ApiUser(token, token)
        {
            Rules = [new ApiRule(["list"]) { Resources = ["searchclusters"], Namespaces = ["team-a"] }],
        });
        var caller = await Caller(token);

        Assert.Equal(["team-a"], (await Rights.Scope(caller, SearchClusters.Kind, Namespaces, Cancellation)).Names);
        Assert.Empty((await Rights.Scope(caller, SearchDatasets.Kind, Namespaces, Cancellation)).Names);
        Assert.False(await Rights.MaySee(caller, SearchClusters.Kind, "team-a", Cancellation));
    }

    [Fact]
    public async Task Groups_of_the_token_count()
    {
        const string token = "a-master";
        world.Kubernetes.Users.Add(new ApiUser(token, token) { Groups = [ApiUser.Masters] });

        Assert.True((await Rights.Scope(await Caller(token), SearchClusters.Kind, Namespaces, Cancellation)).IsAll);
    }

    [Fact]
    public async Task Who_is_unknown_sees_nothing()
    {
        var caller = new System.Security.Claims.ClaimsPrincipal();

        Assert.Empty((await Rights.Scope(caller, SearchClusters.Kind, Namespaces, Cancellation)).Names);
        Assert.False(await Rights.MaySee(caller, SearchClusters.Kind, "team-a", Cancellation));
        Assert.False(await Rights.MayGet(caller, "/clustergrains/dashboard", Cancellation));
    }

    [Fact]
    public async Task No_answer_is_no_right()
    {
        const string token = "asked-while-the-server-is-away";
        world.Kubernetes.Users.Add(new ApiUser(token, token) { Groups = [ApiUser.Masters] });
        var caller = await Caller(token);
        world.Kubernetes.Faults.AnswerNext(1, 500, scope: new FaultScope(Path: "subjectaccessreviews"));

        await Assert.ThrowsAsync<DependencyException>(
            async () => await Rights.Scope(caller, SearchClusters.Kind, Namespaces, Cancellation));
    }

    [Fact]
    public async Task More_namespaces_than_reviews_may_wait_are_asked_about_one_after_the_other()
    {
        var many = Enumerable.Range(0, 2 * (ReviewTurns.MaxInFlight + ReviewTurns.MaxWaiting)).Select(i => $"space-{i}").Append("team-a");

        Assert.Equal(["team-a"], (await Rights.Scope(await Caller(AccessWorld.TeamA), SearchClusters.Kind, [.. many], Cancellation)).Names);
    }

    private async Task<System.Security.Claims.ClaimsPrincipal> Caller(string token)
    {
        var reviews = world.Services.GetRequiredService<CallerReviews>();
        return (await reviews.Identify(token, Cancellation))!.ToPrincipal("test");
    }
}
