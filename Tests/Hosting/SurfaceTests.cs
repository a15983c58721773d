using System.Net;

namespace ClusterGrains.Tests.Hosting;

public sealed class SurfaceTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("livez")]
    [InlineData("metrics")]
    public async Task The_management_port_answers_probes_and_metrics_and_the_other_port_does_not(string path)
    {
        using var here = await silo.Management.GetAsync(path, Cancellation);
        using var there = await silo.Api.GetAsync(path, Cancellation);

        Assert.Equal(HttpStatusCode.OK, here.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, there.StatusCode);
    }

    [Fact]
    public async Task Readiness_names_what_is_ready_and_what_is_not()
    {
        using var answer = await silo.Management.GetAsync("readyz", Cancellation);
        var lines = (await answer.Content.ReadAsStringAsync(Cancellation)).Split('\n');

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("orleans: ok", lines);
        Assert.Contains("storage: ok", lines);
        Assert.Contains(lines, line => line.StartsWith("kubernetes: not ready: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("history: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Readiness_is_not_told_on_the_other_port()
    {
        using var answer = await silo.Api.GetAsync("readyz", Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task The_fleet_is_not_told_on_the_management_port()
    {
        using var answer = await silo.Management.GetAsync("api/v1/searchclusters", Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

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
