using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Tests.Clusters;

namespace ClusterGrains.Tests.Datasets;

/// <summary>An engine that answers what real ones were seen to answer, and remembers what it was asked.</summary>
internal sealed class RecordedEngine : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<Asked, string>> _answers = new();
    private readonly StubServer _server;

    public RecordedEngine(string engine = "opensearch", string version = "3.1.0", string uuid = "u1")
    {
        Says("GET /", Identity(engine, version, uuid));
        _server = new StubServer(Answer);
    }

    public string Url => _server.Url;

    /// <summary>In order, the introductions left out.</summary>
    public ConcurrentQueue<Asked> Requests { get; } = new();

    public Asked Last => Requests.Last();

    public static string Identity(string engine, string version, string uuid) => engine == "opensearch"
        ? $$"""{"name":"n","cluster_name":"logs","cluster_uuid":"{{uuid}}","version":{"distribution":"opensearch","number":"{{version}}"},"tagline":"The OpenSearch Project: https://opensearch.org/"}"""
        : $$"""{"name":"n","cluster_name":"logs","cluster_uuid":"{{uuid}}","version":{"number":"{{version}}","build_flavor":"default"},"tagline":"You Know, for Search"}""";

    /// <param name="request">Method and path, without the query.</param>
    public RecordedEngine Says(string request, string body, string status = "200 OK", string headers = "") =>
        Does(request, _ => StubServer.Http(status, body, headers));

    /// <param name="answer">The whole answer; an empty one closes the connection.</param>
    public RecordedEngine Does(string request, Func<Asked, string> answer)
    {
        _answers[request] = answer;
        return this;
    }

    public Task<IIndexSession> Connect(ProbeWorld world, params string[] otherEndpoints) =>
        world.Indices.Connect("prod", ProbeWorld.Spec([Url, .. otherEndpoints]), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task Answer(string head, Stream stream, CancellationToken cancellationToken)
    {
        var line = head.Split("\r\n")[0].Split(' ');
        var asked = new Asked(line[0], line[1], head, await Body(head, stream, cancellationToken));
        if (asked.Path != "/")
        {
            Requests.Enqueue(asked);
        }

        var answer = _answers.TryGetValue($"{asked.Method} {asked.Path}", out var known)
            ? known(asked)
            : StubServer.Http("400 Bad Request", $$"""{"error":"no handler found for uri [{{asked.Path}}] and method [{{asked.Method}}]"}""");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), cancellationToken);
    }

    private static async Task<string> Body(string head, Stream stream, CancellationToken cancellationToken)
    {
        const string Length = "Content-Length: ";
        var start = head.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return "";
        }

        var text = head[(start + Length.Length)..].Split("\r\n")[0];
        var body = new byte[int.Parse(text, CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return Encoding.UTF8.GetString(body);
    }

    /// <param name="Target">Path and query.</param>
    /// <param name="Head">All header lines.</param>
    internal sealed record Asked(string Method, string Target, string Head, string Body)
    {
        public string Path => Target.Split('?')[0];
    }
}
