using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Fleet;
using ClusterGrains.Tests.History;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterGrains.Tests.Fleet;

/// <summary>What a caller may not see is in no answer: not as an item, a number, a token or an error.</summary>
public sealed class FleetRightsTests
{
    private const string Secret = "secret";

    [Fact]
    public async Task A_list_has_nothing_of_namespaces_that_the_caller_may_not_see()
    {
        using var rig = await Rig();

        Assert.Equal(["mine/a", "mine/b", "ours/a"], FleetRig.Keys(await rig.List()));
        Assert.Equal(["mine/b", "ours/a"], FleetRig.Keys(await rig.List("?verdict=Unknown")));
        Assert.Equal(["mine/a", "ours/a"], FleetRig.Keys(await rig.List("?name=a")));
    }

    [Theory]
    [InlineData("limit=1")]
    [InlineData("limit=2")]
    [InlineData("limit=3")]
    [InlineData("limit=1&verdict=Unknown,Critical")]
    public async Task Pages_and_their_tokens_do_not_tell_of_what_lies_between(string query)
    {
        using var rig = await Rig();

        var text = new StringBuilder();
        string? token = null;
        do
        {
            var page = FleetRig.Document(await rig.List($"?{query}{(token is null ? "" : $"&continue={token}")}"));
            token = (string?)page["continue"];
            text.Append(page.ToJsonString()).Append(token is null ? "" : FleetPage.Read(token).ToString());
        }
        while (token is not null);

        Assert.Contains("ours", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_somebody_else_opens_nothing()
    {
        using var rig = await Rig();

        Assert.Equal(["ours/a"], FleetRig.Keys(await rig.List($"?continue={FleetPage.Token(new("n-secret", "a"))}")));
    }

    [Fact]
    public async Task Who_names_a_namespace_is_told_that_it_is_not_shown()
    {
        using var rig = await Rig();

        Assert.Equal(403, FleetRig.Problem(await rig.List("?namespace=n-secret")).Status);
        Assert.Equal(403, FleetRig.Problem(await rig.List("?namespace=nobody")).Status);
        Assert.Equal(403, FleetRig.Problem(await rig.Summary("?namespace=n-secret")).Status);
        Assert.Equal(
            (403, "You may not get searchclusters in namespace n-secret. Who may in Kubernetes may here: "
                + "kubectl auth can-i get searchclusters.clustergrains.io -n n-secret"),
            FleetRig.Problem(await rig.Find("n-secret/a")));
        Assert.Equal(403, FleetRig.Problem(await rig.History("n-secret/a")).Status);
    }

    [Fact]
    public async Task A_refusal_is_the_same_whether_there_is_something_or_not()
    {
        using var rig = await Rig();

        Assert.Equal(
            FleetRig.Problem(await rig.Find("n-secret/a")),
            FleetRig.Problem(await rig.Find("n-secret/there-is-none")));
        Assert.Equal(
            FleetRig.Problem(await rig.History("n-secret/a")),
            FleetRig.Problem(await rig.History("n-secret/there-is-none")));
    }

    [Fact]
    public async Task A_summary_counts_what_the_caller_may_see_only()
    {
        using var rig = await Rig();

        var all = FleetRig.Document(await rig.Summary());
        var one = FleetRig.Document(await rig.Summary("?namespace=ours"));

        Assert.Equal(3, (int?)all["kinds"]!["SearchCluster"]!["total"]);
        Assert.Equal(0, (int?)all["kinds"]!["SearchDataset"]!["total"]);
        Assert.Equal(1, (int?)one["kinds"]!["SearchCluster"]!["total"]);
        Assert.Equal(0, (int?)all["kinds"]!["SearchCluster"]!["verdicts"]!["Critical"]);
        Assert.DoesNotContain(Secret, all.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_see_nothing_gets_empty_lists()
    {
        using var rig = new FleetRig();
        await rig.Put("mine/a");

        Assert.Empty(FleetRig.Keys(await rig.List()));
        Assert.Equal(0, (int?)FleetRig.Document(await rig.Summary())["kinds"]!["SearchCluster"]!["total"]);
    }

    [Fact]
    public async Task Nobody_is_asked_about_a_name_that_is_none()
    {
        using var rig = await Rig();

        Assert.Equal(400, FleetRig.Problem(await rig.Find("Mine/a")).Status);
        Assert.Equal(400, FleetRig.Problem(await rig.History("mine/a b")).Status);
        Assert.Equal(400, FleetRig.Problem(await rig.List("?namespace=../x")).Status);

        Assert.Empty(rig.Rights.Asked);
    }

    [Fact]
    public async Task Nothing_is_shown_while_nobody_can_tell_what_may_be_shown()
    {
        using var rig = await Rig();
        rig.Rights.Failure = new DependencyException(Dependency.KubernetesApi, "https://10.96.0.1 is away.");
        var http = new DefaultHttpContext();

        var answer = await new FleetFailures(NullLogger<FleetFailures>.Instance).InvokeAsync(
            new DefaultEndpointFilterInvocationContext(http), async _ => await rig.List());

        Assert.Equal((503, "The API server could not be asked who calls and what they may see. Try again."), FleetRig.Problem(answer!));
        Assert.Equal("5", http.Response.Headers.RetryAfter);
        await Assert.ThrowsAsync<DependencyException>(() => rig.Find("mine/a"));
        await Assert.ThrowsAsync<DependencyException>(() => rig.History("mine/a"));
        await Assert.ThrowsAsync<DependencyException>(() => rig.Summary());
    }

    /// <summary>Namespaces of others lie before, between and behind those of the caller.</summary>
    private static async Task<FleetRig> Rig()
    {
        var rig = new FleetRig("mine", "ours");
        foreach (var key in (string[])["a-secret/a", "mine/b", "n-secret/a", "n-secret/b", "ours/a", "z-secret/a"])
        {
            await rig.Put(key);
        }

        await rig.Put("mine/a", """{"verdict":"Healthy","reason":"AllChecksPassed"}""");
        await rig.Put("n-secret/c", """{"verdict":"Critical","reason":"HealthRed"}""");
        await rig.Put("n-secret/d", kind: "SearchDataset");
        await rig.Record(Records.Check() with { Target = Records.Target() with { Namespace = "n-secret", Name = "a" }, FinishedAt = FleetRig.Noon });
        return rig;
    }
}
