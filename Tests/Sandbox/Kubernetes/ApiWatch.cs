using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

/// <summary>An open watch, read line by line. The limit only turns a hang into a failure.</summary>
internal sealed class ApiWatch(HttpResponseMessage response) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private StreamReader? _reader;

    public HttpResponseMessage Response => response;

    /// <summary>Null when the server has ended the watch.</summary>
    public async Task<string?> Line()
    {
        var cancellation = TestContext.Current.CancellationToken;
        _reader ??= new StreamReader(await response.Content.ReadAsStreamAsync(cancellation), Encoding.UTF8);
        return await _reader.ReadLineAsync(cancellation).AsTask().WaitAsync(Limit, cancellation);
    }

    public async Task<(string Type, JsonObject Object)> Next()
    {
        var line = await Line();
        Assert.NotNull(line);
        var item = CanonicalJson.ParseObject(Encoding.UTF8.GetBytes(line));
        return (item.Text("type")!, item.Member("object")!);
    }

    public async Task<(string Type, string Name)> NextName()
    {
        var (type, document) = await Next();
        return (type, document.Member("metadata")!.Text("name") ?? "");
    }

    public void Dispose()
    {
        _reader?.Dispose();
        response.Dispose();
    }
}
