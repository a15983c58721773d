using System.Net;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

public abstract partial class KubernetesApiContract
{
    private const string MetadataList = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

    [Fact]
    public async Task The_pages_of_a_list_all_show_the_moment_of_the_first()
    {
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
        {
            await Create(name);
        }

        var page = await List("limit=2");
        var (names, version) = (Names(page), page.Version);
        await Create("bb");
        await Api.Delete(Item("d"));
        while (page.Json.Member("metadata")!.Text("continue") is { Length: > 0 } token)
        {
            page = await List("limit=2&continue=" + Uri.EscapeDataString(token));
            Assert.Equal(version, page.Version);
            names.AddRange(Names(page));
        }

        Assert.Equal(["a", "b", "c", "d", "e"], names);
        Assert.Equal(["a", "b", "bb", "c", "e"], Names(await List()));
    }

    [Fact]
    public async Task An_expired_continue_token_is_410_with_a_token_to_go_on()
    {
        await Create("a");
        await Create("b");
        var token = (await List("limit=1")).Json.Member("metadata")!.Text("continue")!;
        await Create("c");
        await ForgetHistory();

        var expired = (await Api.Get($"{Collection}?limit=1&continue={Uri.EscapeDataString(token)}")).Expect(HttpStatusCode.Gone).Json;
        Assert.Equal("Expired", expired.Text("reason"));
        var fresh = expired.Member("metadata")!.Text("continue")!;
        Assert.Equal(["b", "c"], Names(await List("limit=5&continue=" + Uri.EscapeDataString(fresh))));
    }

    [Fact]
    public async Task A_continue_token_nobody_issued_is_a_bad_request() =>
        (await Api.Get($"{Collection}?limit=1&continue=nonsense")).Expect(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Lists_select_by_label_and_by_name()
    {
        await Create("a", team: "one");
        await Create("b", team: "two");
        await Create("c");

        Assert.Equal(["a"], Names(await List("labelSelector=team%3Done")));
        Assert.Equal(["b", "c"], Names(await List("labelSelector=team%21%3Done")));
        Assert.Equal(["a", "b"], Names(await List("labelSelector=team+in+(one,two)")));
        Assert.Equal(["c"], Names(await List("labelSelector=%21team")));
        Assert.Equal(["b"], Names(await List("fieldSelector=metadata.name%3Db")));
    }

    [Fact]
    public async Task A_metadata_list_carries_identity_and_generation_and_no_spec()
    {
        var created = await Create("logs");
        var list = (await Api.Get(Collection, MetadataList)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("PartialObjectMetadataList", list.Text("kind"));
        var item = Assert.Single(list.Items("items")!)!.AsObject();
        Assert.Equal(created.Uid, item.Member("metadata")!.Text("uid"));
        Assert.Equal(1, item.Member("metadata")!.Integer("generation"));
        Assert.Null(item["spec"]);

        await Api.Delete(Item("logs"));
        Assert.Empty((await Api.Get(Collection, MetadataList)).Json.Items("items") ?? []);
    }

    [Fact]
    public async Task A_list_of_all_namespaces_shows_those_of_one()
    {
        await Create("logs");
        var all = (await Api.Get($"{Group}/searchclusters?labelSelector=")).Expect(HttpStatusCode.OK).Json;
        var own = Collection.Split('/')[^2];
        Assert.Contains(all.Items("items")!, i => i!.AsObject().Member("metadata")!.Text("namespace") == own);
    }

    [Fact]
    public async Task A_version_that_has_not_come_yet_is_a_timeout_and_no_answer()
    {
        var version = long.Parse((await List()).Version, null) + 1_000_000;
        var refused = (await Api.Get($"{Collection}?resourceVersion={version}&resourceVersionMatch=NotOlderThan")).Expect(HttpStatusCode.GatewayTimeout);
        Assert.Contains("Too large resource version", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_gets_in_without_the_right_credentials()
    {
        var baseUri = Api.BaseUri;
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using var stranger = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(baseUri, Collection));
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer nonsense");
        using var answer = await stranger.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var status = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();
        Assert.Equal("Unauthorized", status.Text("reason"));
    }
}
