using System.Diagnostics;
using System.Net;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Hosting;

namespace ClusterGrains.Tests.Telemetry;

/// <summary>Traces that callers of the API bring along.</summary>
public sealed class CallerTraceTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_neither_begins_a_trace_of_ours_nor_has_us_join_its_own_however_it_asks_to_be_sampled()
    {
        var name = SpanLog.NewName();
        await silo.Resource(new ResourceKey("prod", name)).Observe(Manifest(name), Cancellation);
        using var spans = new SpanLog();
        var theirs = ActivityTraceId.CreateRandom();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/searchclusters/prod/{name}");
        request.Headers.Add("traceparent", $"00-{theirs}-{ActivitySpanId.CreateRandom()}-01");
        request.Headers.Add("tracestate", "stranger=1");

        // The grain is asked for its status on the way.
        using var answer = await silo.Api.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(spans.Of(theirs));
        Assert.DoesNotContain(spans.All, span => span.DisplayName.EndsWith("/Describe", StringComparison.Ordinal));
    }

    private static Manifest Manifest(string name) => new()
    {
        Namespace = "prod",
        Name = name,
        Uid = name,
        Generation = 1,
        ResourceVersion = "1",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Spec = """{"endpoints":["http://search.invalid:9200"],"suspend":true}""",
    };
}
