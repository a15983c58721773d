using System.Net;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

public abstract partial class KubernetesApiContract
{
    private const string TokenReviews = "/apis/authentication.k8s.io/v1/tokenreviews";
    private const string AccessReviews = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    [Fact]
    public async Task A_token_that_nobody_gave_out_is_nobodys()
    {
        var review = (await Api.Post(TokenReviews, Review("authentication.k8s.io/v1", "TokenReview", new JsonObject { ["token"] = "forged" })))
            .Expect(HttpStatusCode.Created).Json;

        Assert.False(review.Member("status")!.Flag("authenticated"));
        Assert.Null(review.Member("status")!.Member("user")?.Text("username"));
    }

    [Theory]
    [InlineData("somebody-unknown", "system:authenticated", false)]
    [InlineData("whoever", "system:masters", true)]
    public async Task A_review_of_rights_counts_the_groups_that_it_names(string user, string group, bool allowed)
    {
        var resource = new JsonObject
        {
            ["verb"] = "list",
            ["group"] = "clustergrains.io",
            ["resource"] = "searchclusters",
            ["namespace"] = "default",
        };
        var path = new JsonObject { ["verb"] = "get", ["path"] = "/clustergrains/dashboard" };

        Assert.Equal(allowed, await Allowed(user, group, "resourceAttributes", resource));
        Assert.Equal(allowed, await Allowed(user, group, "nonResourceAttributes", path));
    }

    [Fact]
    public async Task A_review_of_rights_to_nothing_is_invalid() =>
        (await Api.Post(AccessReviews, Review("authorization.k8s.io/v1", "SubjectAccessReview", new JsonObject { ["user"] = "somebody" })))
            .Expect(HttpStatusCode.UnprocessableEntity);

    private async Task<bool> Allowed(string user, string group, string member, JsonObject attributes)
    {
        var spec = new JsonObject { ["user"] = user, ["groups"] = new JsonArray(group), [member] = attributes };
        var review = (await Api.Post(AccessReviews, Review("authorization.k8s.io/v1", "SubjectAccessReview", spec)))
            .Expect(HttpStatusCode.Created).Json;
        return review.Member("status")!.Flag("allowed");
    }

    private static JsonObject Review(string version, string kind, JsonObject spec) =>
        new() { ["apiVersion"] = version, ["kind"] = kind, ["spec"] = spec };
}
