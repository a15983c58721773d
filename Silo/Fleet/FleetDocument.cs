using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ClusterGrains.Fleet;

/// <summary>
/// <c>GET /api/v1/openapi.json</c>: written by hand, with the paths of one kind repeated for every registered one. Tests compare
/// it with the routes, the parameters and the answers.
/// </summary>
internal sealed class FleetDocument(IEnumerable<ResourceKind> kinds)
{
    private readonly byte[] _text = System.Text.Encoding.UTF8.GetBytes(Compose(kinds).ToJsonString());

    public FileContentHttpResult Show() => TypedResults.Bytes(_text, "application/json");

    private static JsonObject Compose(IEnumerable<ResourceKind> kinds)
    {
        var document = JsonNode.Parse(Read("openapi.json"))!.AsObject();
        var paths = document["paths"]!.AsObject();
        var template = Read("openapi.kind.json");
        foreach (var kind in kinds)
        {
            var verdicts = string.Join(',', kind.Verdicts.Select(verdict => $"\"{verdict}\""));
            var text = template
                .Replace("{{plural}}", kind.Plural, StringComparison.Ordinal)
                .Replace("{{kind}}", kind.Name, StringComparison.Ordinal)
                .Replace("\"{{verdicts}}\"", verdicts, StringComparison.Ordinal);
            foreach (var (path, operations) in JsonNode.Parse(text)!.AsObject())
            {
                paths.Add(path, operations!.DeepClone());
            }
        }

        return document;
    }

    private static string Read(string name)
    {
        using var stream = typeof(FleetDocument).Assembly.GetManifestResourceStream($"Fleet/{name}")
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        return new StreamReader(stream).ReadToEnd();
    }
}
