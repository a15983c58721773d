using ClusterGrains.Tests.Tidy;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ClusterGrains.Tests.Telemetry;

/// <summary>docs/telemetry.md lists exactly the spans and attributes that the code makes.</summary>
public sealed class TracePageTests
{
    [Fact]
    public void The_table_of_spans_is_the_spans() => Assert.Equal(
        Texts(call => call is "StartActivity" or "Start" or "PatientSpan").Where(name => !name.Contains('.', StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal),
        Column("spans"));

    [Fact]
    public void The_table_of_attributes_is_the_attributes() => Assert.Equal(
        Sources().SelectMany(source => source.All<LiteralExpressionSyntax>())
            .Select(literal => literal.Token.ValueText)
            .Where(text => Prefixes.Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal)))
            .Distinct().Order(StringComparer.Ordinal),
        Column("attributes"));

    private static readonly string[] Prefixes = ["clustergrains.", "http.", "server."];

    private static IEnumerable<SourceFile> Sources() => House.ProductSources.Where(source =>
        source.Path.EndsWith("Traces.cs", StringComparison.Ordinal) || source.Path.EndsWith("PatientSpan.cs", StringComparison.Ordinal));

    /// <summary>The texts given to calls and constructors of some name.</summary>
    private static IEnumerable<string> Texts(Func<string, bool> isNamed) =>
        from source in Sources()
        from list in source.All<ArgumentListSyntax>()
        let name = list.Parent switch
        {
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } => access.Name.Identifier.ValueText,
            ImplicitObjectCreationExpressionSyntax when list.Arguments.Count == 2 => "PatientSpan",
            _ => "",
        }
        where isNamed(name)
        from literal in list.Arguments.SelectMany(argument => argument.DescendantNodes().OfType<LiteralExpressionSyntax>())
        where literal.Token.Value is string
        select literal.Token.ValueText;

    /// <summary>The first column of a table between two markers.</summary>
    private static IEnumerable<string> Column(string table)
    {
        var page = House.Read("docs/telemetry.md");
        var begin = page.IndexOf($"<!-- {table} -->", StringComparison.Ordinal);
        var end = page.IndexOf($"<!-- /{table} -->", StringComparison.Ordinal);
        return page[begin..end].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]).Order(StringComparer.Ordinal);
    }
}
