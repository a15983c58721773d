using System.Text;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

/// <summary>One request of kubectl 1.32 and what a real server answered.</summary>
internal sealed record RecordedExchange(
    int Number, string Method, string Path, string? Accept, string? ContentType, string? Body, int Status, string Response)
{
    public bool IsWatch => Path.Contains("watch=", StringComparison.Ordinal);

    public static IEnumerable<RecordedExchange> All() =>
        TestResource.Text("recorded/exchanges.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read);

    private static RecordedExchange Read(string line, int number)
    {
        var exchange = CanonicalJson.ParseObject(Encoding.UTF8.GetBytes(line));
        return new RecordedExchange(
            number, exchange.Text("m")!, exchange.Text("p")!, exchange.Text("accept"), exchange.Text("ct"),
            exchange.Text("body"), (int)exchange.Integer("st")!.Value, exchange.Text("resp") ?? "");
    }
}
