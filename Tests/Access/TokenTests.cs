using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Sandbox.Kubernetes.Users;

namespace ClusterGrains.Tests.Access;

/// <summary>What a caller may send, and what becomes of it.</summary>
public sealed class TokenTests(AccessWorld world) : IClassFixture<AccessWorld>
{
    private const string Path = "/api/v1/searchclusters";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_browser_sends_the_token_as_the_password_of_any_user()
    {
        using var known = await world.Send(Request("Basic", Encoded($"anyone:{AccessWorld.Operator}")));
        using var forged = await world.Send(Request("Basic", Encoded("anyone:guess")));

        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
    }

    public static TheoryData<string> Nonsense =>
    [
        "Bearer", "Bearer ", "Basic", "Basic ", "Basic :", "Basic !!!!", "Basic " + Convert.ToBase64String([0xff, 0xfe, 0x3a, 0x00]),
        "Basic " + Encoded("no-colon"), "Basic " + Encoded("name:"), "Negotiate abc", "Bearer a b", "Bearer {\"token\":1}",
        $"Bearer {AccessWorld.Operator}, Bearer {AccessWorld.Operator}", AccessWorld.Operator, "Bearer " + new string('a', 20_000),
    ];

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task What_is_no_token_is_refused_without_asking_the_API_server(string header)
    {
        using var silence = new SilentReviews(world);
        using var answer = await world.Get(Path, null, ("Authorization", header));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Two_tokens_are_none()
    {
        using var request = Request("Bearer", AccessWorld.Operator);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer other");

        using var answer = await world.Send(request);

        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("tokenreviews", 503)]
    [InlineData("tokenreviews", 403)]
    [InlineData("subjectaccessreviews", 500)]
    public async Task Nobody_is_let_in_while_the_API_server_does_not_say_who_it_is_or_what_it_may(string review, int status)
    {
        var token = $"not-asked-about-before-{review}-{status}";
        world.Kubernetes.Users.Add(new ApiUser(token, token) { Rules = [new ApiRule(["get"]) { Paths = ["*"] }] });
        world.Kubernetes.Faults.AnswerNext(1, status, scope: new FaultScope(Path: review));

        using var refused = await world.Get("/dashboard/version", token);
        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync(Cancellation))!;
        using var again = await world.Get("/dashboard/version", token);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain(new Uri(world.Kubernetes.Url).Authority, problem.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(refused.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Probes_do_not_hang_on_the_API_server_even_when_they_show_a_token()
    {
        using var silence = new SilentReviews(world);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/livez");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "somebody");

        using var answer = await world.Management.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1@evil.example")]
    [InlineData("evil.example:443")]
    public async Task A_strange_host_name_opens_nothing_and_is_never_repeated(string host)
    {
        foreach (var path in (string[])[Path, "/dashboard", "/dashboard/", "/no/such/route"])
        {
            using var answer = await world.Get(path, null, ("Host", host));

            Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest]);
            Assert.DoesNotContain("evil", answer.Headers.Location?.OriginalString ?? "", StringComparison.Ordinal);
            Assert.DoesNotContain("evil", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        using var known = await world.Get("/dashboard", AccessWorld.Operator, ("Host", "evil.example"));
        Assert.DoesNotContain("evil", known.Headers.Location?.OriginalString ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_said_in_words_of_RBAC()
    {
        using var answer = await world.Get("/dashboard/", AccessWorld.Nobody);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("nonResourceURLs: [\"/clustergrains/dashboard\"]", (string?)problem["detail"], StringComparison.Ordinal);
    }

    private static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static HttpRequestMessage Request(string scheme, string parameter)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, parameter);
        return request;
    }

    /// <summary>Whoever asks for a review meanwhile gets no answer.</summary>
    private sealed class SilentReviews : IDisposable
    {
        private readonly AccessWorld _world;

        public SilentReviews(AccessWorld world)
        {
            _world = world;
            world.Kubernetes.Faults.BlackHole(new FaultScope(Path: "tokenreviews", Watch: false));
        }

        public void Dispose() => _world.Kubernetes.Faults.Clear();
    }
}
