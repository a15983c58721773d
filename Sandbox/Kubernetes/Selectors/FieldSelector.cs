using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using ClusterGrains.Sandbox.Kubernetes.Definitions;

namespace ClusterGrains.Sandbox.Kubernetes.Selectors;

/// <summary><c>metadata.name=x,type!=Normal</c> over the few fields each kind offers.</summary>
internal sealed class FieldSelector
{
    public static readonly FieldSelector Everything = new([]);

    private static readonly FrozenSet<string> OfAll = FrozenSet.Create("metadata.name", "metadata.namespace");

    private static readonly FrozenSet<string> OfEvents = FrozenSet.Create(
        "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
        "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath",
        "reason", "reportingComponent", "source", "type");

    private readonly ImmutableArray<(string Path, bool Equal, string Value)> _terms;

    private FieldSelector(ImmutableArray<(string Path, bool Equal, string Value)> terms) => _terms = terms;

    public bool IsEverything => _terms.IsEmpty;

    public bool Matches(JsonElement document) =>
        _terms.All(term => (Read(document, term.Path) == term.Value) == term.Equal);

    /// <exception cref="FormatException">Not the grammar, or a field this kind does not offer.</exception>
    public static FieldSelector Parse(string? text, ResourceDefinition definition)
    {
        var terms = (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(ParseTerm).ToImmutableArray();
        foreach (var (path, _, _) in terms)
        {
            if (!Offers(definition, path))
            {
                throw new FormatException($"field label not supported: {path}");
            }
        }

        return terms.IsEmpty ? Everything : new FieldSelector(terms);
    }

    private static bool Offers(ResourceDefinition definition, string path) =>
        OfAll.Contains(path)
        || (definition is { Group: "", Plural: "events" } && OfEvents.Contains(path))
        || (definition is { Group: "", Plural: "secrets" } && path == "type")
        || (definition is { Group: "", Plural: "namespaces" } && path == "status.phase");

    private static (string Path, bool Equal, string Value) ParseTerm(string term)
    {
        foreach (var symbol in new[] { "!=", "==", "=" })
        {
            if (term.IndexOf(symbol, StringComparison.Ordinal) is > 0 and var at)
            {
                return (term[..at], symbol != "!=", term[(at + symbol.Length)..]);
            }
        }

        throw new FormatException($"invalid selector: '{term}'; can't understand '{term}'");
    }

    private static string Read(JsonElement document, string path)
    {
        var current = document;
        foreach (var name in (path == "source" ? "source.component" : path).Split('.'))
        {
            if (current.ValueKind is not JsonValueKind.Object || !current.TryGetProperty(name, out current))
            {
                return "";
            }
        }

        return current.ValueKind is JsonValueKind.String ? current.GetString()! : "";
    }
}
