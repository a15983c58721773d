using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ClusterGrains.Tests.Tidy;

/// <summary>One metric as the code creates it.</summary>
internal sealed record Instrument(string Name, string Type, string Unit, string Meaning)
{
    /// <summary>All of them, by name.</summary>
    public static IEnumerable<Instrument> All =>
        from source in House.ProductSources
        where source.Path.EndsWith("Metrics.cs", StringComparison.Ordinal)
        from call in source.All<InvocationExpressionSyntax>()
        let method = (call.Expression as MemberAccessExpressionSyntax)?.Name.Identifier.ValueText
        where method?.StartsWith("Create", StringComparison.Ordinal) == true
        where Argument(call, "name", 0)?.StartsWith("clustergrains.", StringComparison.Ordinal) == true
        let first = method.Contains("Observable", StringComparison.Ordinal) ? 2 : 1
        let instrument = new Instrument(
            Argument(call, "name", 0)!, method["Create".Length..], Argument(call, "unit", first) ?? "", Argument(call, "description", first + 1) ?? "")
        orderby instrument.Name
        select instrument;

    public string Row => $"| `{Name}` | {Type} | {Unit} | {Meaning} |";

    private static string? Argument(InvocationExpressionSyntax call, string name, int position)
    {
        var arguments = call.ArgumentList.Arguments;
        var argument = arguments.FirstOrDefault(one => one.NameColon?.Name.ToString() == name)
            ?? (position < arguments.Count && arguments[position].NameColon is null ? arguments[position] : null);
        return (argument?.Expression as LiteralExpressionSyntax)?.Token.ValueText;
    }
}
