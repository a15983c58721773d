using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using ClusterGrains.Fleet;
using ClusterGrains.Tests.Hosting;

namespace ClusterGrains.Tests.Fleet;

/// <summary>The files of the fleet page.</summary>
public sealed partial class PageFileTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Routes => [.. PageFile.All.Select(file => file.Route)];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Every_file_runs_and_asks_this_silo_only_and_is_asked_for_again(string path)
    {
        using var first = await silo.Api.GetAsync(path, Cancellation);
        using var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await silo.Api.SendAsync(again, Cancellation);
        using var older = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { new EntityTagHeaderValue("\"older\"") } } };
        using var upgraded = await silo.Api.SendAsync(older, Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified, HttpStatusCode.OK), (first.StatusCode, second.StatusCode, upgraded.StatusCode));
        Assert.All([first, second], answer => Assert.Equal((true, true, false, "nosniff", "no-referrer"), (
            answer.Headers.CacheControl!.Private,
            answer.Headers.CacheControl.NoCache,
            answer.Headers.CacheControl.NoStore,
            answer.Headers.GetValues("X-Content-Type-Options").Single(),
            answer.Headers.GetValues("Referrer-Policy").Single())));
        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            first.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal(
            path == "/" ? "text/html" : path.EndsWith(".css", StringComparison.Ordinal) ? "text/css" : "text/javascript",
            first.Content.Headers.ContentType?.MediaType);
        Assert.Equal("utf-8", first.Content.Headers.ContentType?.CharSet);
    }

    [Fact]
    public async Task Whatever_a_file_names_is_there_and_nothing_is_there_that_no_file_names()
    {
        var named = new HashSet<string> { "/" };
        foreach (var file in PageFile.All)
        {
            var text = await silo.Api.GetStringAsync(file.Route, Cancellation);
            named.UnionWith(Named().Matches(text).Select(match => $"/{match.Groups["name"].Value}"));
        }

        Assert.Equal(PageFile.All.Select(file => file.Route).Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_written_in_line_and_no_text_becomes_markup()
    {
        foreach (var file in PageFile.All)
        {
            var text = await silo.Api.GetStringAsync(file.Route, Cancellation);

            Assert.DoesNotMatch(file.Route == "/" ? @"<style|<script(?! type=""module"" src=)|\sstyle=|\son\w+=" : "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|https?://", text);
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/page.js")]
    public async Task A_name_that_is_not_loopback_and_what_is_no_GET_are_refused(string path)
    {
        using var strange = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "attacker.example" } };
        using var refused = await silo.Api.SendAsync(strange, Cancellation);
        using var posted = await silo.Api.PostAsync(path, content: null, Cancellation);
        using var management = await silo.Management.GetAsync(path, Cancellation);

        Assert.Equal(
            (HttpStatusCode.MisdirectedRequest, HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound),
            (refused.StatusCode, posted.StatusCode, management.StatusCode));
        Assert.True(refused.Headers.CacheControl?.NoStore);
    }

    [GeneratedRegex("""(?:href|src)="(?<name>page[\w.]*)"|from '\./(?<name>[\w.]+)'""", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
