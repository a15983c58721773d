using System.Net;

namespace ClusterGrains.Tests.Hosting;

public sealed class SurfaceTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("livez")]
    [InlineData("readyz")]
    [InlineData("metrics")]
    public async Task The_management_port_answers_probes_and_metrics_and_the_other_port_does_not(string path)
    {
        using var here = await silo.Management.GetAsync(path, Cancellation);
        using var there = await silo.Api.GetAsync(path, Cancellation);

        Assert.Equal(HttpStatusCode.OK, here.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, there.StatusCode);
    }

    [Fact]
    public async Task Readiness_names_its_parts() =>
        Assert.Contains("orleans: ok\n", await silo.Management.GetStringAsync("readyz", Cancellation), StringComparison.Ordinal);

    [Fact]
    public async Task Metrics_tell_of_Orleans_in_Prometheus_text()
    {
        using var answer = await silo.Management.GetAsync("metrics", Cancellation);

        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("orleans_", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_not_loopback_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/searchclusters");
        request.Headers.Host = "attacker.example";

        using var answer = await silo.Api.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Every_answer_is_marked_as_not_to_be_sniffed_framed_or_kept()
    {
        using var answer = await silo.Api.GetAsync("nothing/here", Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }
}
