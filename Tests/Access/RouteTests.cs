using System.Net;
using System.Text.RegularExpressions;
using ClusterGrains.Access;
using ClusterGrains.Fleet;
using ClusterGrains.Hosting;
using ClusterGrains.Tests.Tidy;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace ClusterGrains.Tests.Access;

/// <summary>Every route there is, asked by everybody there is. A route that nobody thought of is asked as well.</summary>
public sealed partial class RouteTests(AccessWorld world) : IClassFixture<AccessWorld>
{
    // What a route of the API must never show to who may not see the namespace team-b.
    private const string Hidden = "hidden-orders";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Only_probes_and_metrics_ask_for_no_token_and_they_have_a_port_of_their_own() => Assert.Equal(
        ["/livez", "/metrics", "/readyz"],
        world.Routes.Where(route => IsManagement(route) || route.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(route => route.RoutePattern.RawText!).Distinct().Order());

    [Fact]
    public async Task Every_route_refuses_who_has_no_token_or_one_that_is_expired_or_forged()
    {
        Assert.NotEmpty(Paths());
        foreach (var path in Paths().Append("/").Append("/no/such/route"))
        {
            foreach (var token in (string?[])[null, AccessWorld.Expired, "a-forged-token"])
            {
                using var answer = await world.Get(path, token);
                Assert.Equal((path, token, HttpStatusCode.Unauthorized), (path, token, answer.StatusCode));
                Assert.Equal(["Bearer", "Basic"], answer.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme));
                Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            }
        }
    }

    [Fact]
    public async Task Every_route_shows_nothing_of_a_namespace_to_who_may_not_see_it()
    {
        foreach (var path in Paths())
        {
            foreach (var token in (string[])[AccessWorld.TeamA, AccessWorld.Nobody])
            {
                using var answer = await world.Get(path, token);
                if (path.Contains(Hidden, StringComparison.Ordinal) || path.StartsWith("/dashboard", StringComparison.Ordinal))
                {
                    Assert.Equal((path, token, HttpStatusCode.Forbidden), (path, token, answer.StatusCode));
                }
                else
                {
                    Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Forbidden]);
                }

                var body = await answer.Content.ReadAsStringAsync(Cancellation);
                Assert.DoesNotContain(Hidden, body.Replace(path, "", StringComparison.Ordinal), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Who_may_see_everything_is_let_in_everywhere()
    {
        foreach (var path in Paths().Where(path => !path.StartsWith("/dashboard", StringComparison.Ordinal)))
        {
            using var answer = await world.Get(path, AccessWorld.Operator);
            Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.NotFound]);
        }
    }

    [Fact]
    public async Task The_management_port_answers_without_a_token_and_shows_nothing_else()
    {
        foreach (var path in Paths().Append("/").Append("/no/such/route"))
        {
            using var answer = await world.Management.GetAsync(path, Cancellation);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.StatusCode));
        }

        using var alive = await world.Management.GetAsync("/livez", Cancellation);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/metrics")]
    public async Task The_API_port_does_not_answer_for_management(string path)
    {
        using var anonymous = await world.Get(path);
        using var known = await world.Get(path, AccessWorld.Operator);

        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, known.StatusCode);
    }

    /// <summary>The table of routes in docs/security.md.</summary>
    [Fact]
    public void Every_route_and_its_guard_is_written_down()
    {
        var page = House.Read("docs/security.md");
        var written = page[page.IndexOf("<!-- routes -->", StringComparison.Ordinal)..page.IndexOf("<!-- /routes -->", StringComparison.Ordinal)]
            .Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));

        var routes = world.Routes.Where(route => !IsManagement(route)).Select(route => $"| `{Text(route)}` | {Guard(route)} |");
        Assert.Equal(string.Join('\n', routes.Distinct().Order(StringComparer.Ordinal)), string.Join('\n', written));
    }

    private static string Guard(RouteEndpoint route) =>
        route.Metadata.GetMetadata<GetRight>() is { } right ? $"`get` of `{right.Path}`"
        : route.Metadata.GetMetadata<PageFile>() is not null ? "any caller that is known: shows nothing by itself"
        : route.RoutePattern.GetParameter("namespace") is not null ? "`get` of the kind in that namespace"
        : "`list` of the kind: shows namespaces in which the caller may";

    private static string Text(RouteEndpoint route) => "/" + route.RoutePattern.RawText!.Trim('/');

    private static bool IsManagement(RouteEndpoint route) => route.Metadata.GetMetadata<Surface>() == Surface.Management;

    /// <summary>A path for every route of the API, with the resource that is hidden in place of parameters.</summary>
    private IEnumerable<string> Paths() =>
        from route in world.Routes
        where !IsManagement(route)
        select Parameter().Replace(
            Text(route).Replace("{namespace}", "team-b", StringComparison.Ordinal).Replace("{name}", Hidden, StringComparison.Ordinal), "1");

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
