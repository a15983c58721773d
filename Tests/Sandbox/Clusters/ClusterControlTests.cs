using System.Net;
using ClusterGrains.Sandbox.Clusters;

namespace ClusterGrains.Tests.Sandbox.Clusters;

public sealed class ClusterControlTests : IAsyncLifetime
{
    private PretendCluster _cluster = null!;
    private ClusterControl _control = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await PretendCluster.Start("logs", PretendEngine.Elasticsearch8, Cancellation);
        _control = await ClusterControl.Start([_cluster], port: 0, Cancellation);
        _http = new HttpClient { BaseAddress = _control.Url };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _control.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    public static TheoryData<string> Names => [.. Breakages.ByName.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task One_curl_breaks_and_one_heals(string name)
    {
        Assert.Equal(HttpStatusCode.OK, (await Post($"/clusters/logs/{name}")).Status);
        Assert.Equal(Breakages.ByName[name], _cluster.Breakage);

        var (status, text) = await Post("/clusters/logs/heal");

        Assert.Equal((HttpStatusCode.OK, "logs is well again.\n"), (status, text));
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(_cluster.Url, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task The_answer_to_a_breakage_is_the_command_that_heals_it()
    {
        var (_, text) = await Post("/clusters/logs/dead");

        var address = _control.Url.GetLeftPart(UriPartial.Authority);
        Assert.Equal($"logs is now dead. Heal it: curl -X POST {address}/clusters/logs/heal\n", text);
    }

    [Theory]
    [InlineData("/clusters/nobody/red", HttpStatusCode.NotFound, "There is no cluster 'nobody'; there are logs.\n")]
    [InlineData("/clusters/logs/purple", HttpStatusCode.BadRequest, "'purple' is nothing a cluster can be; it can be ")]
    public async Task A_wrong_word_is_answered_with_the_right_ones(string path, HttpStatusCode expected, string says)
    {
        var (status, text) = await Post(path);

        Assert.Equal(expected, status);
        Assert.StartsWith(says, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_is_set_in_bytes()
    {
        var (status, text) = await Post("/clusters/logs/disk/1/1073741824");

        Assert.Equal((HttpStatusCode.OK, "The disk of logs-1 has 1073741824 bytes left.\n"), (status, text));
        using var http = new HttpClient { BaseAddress = _cluster.Url };
        var disks = await http.GetStringAsync("/_cat/allocation?format=json&bytes=b", Cancellation);
        Assert.Contains("\"disk.avail\":\"1073741824\"", disks, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post("/clusters/logs/disk/2/1")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Post("/clusters/nobody/disk/0/1")).Status);
    }

    [Fact]
    public async Task The_list_shows_how_every_cluster_is()
    {
        await Post("/clusters/logs/yellow");

        var list = await _http.GetStringAsync("/clusters", Cancellation);

        var url = _cluster.Url.GetLeftPart(UriPartial.Authority);
        Assert.StartsWith($"logs  Elasticsearch 8  {url}  yellow", list, StringComparison.Ordinal);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<(HttpStatusCode Status, string Text)> Post(string path)
    {
        using var answer = await _http.PostAsync(path, content: null, Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }
}
