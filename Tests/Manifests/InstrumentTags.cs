using ClusterGrains.Tests.Tidy;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ClusterGrains.Tests.Manifests;

/// <summary>Which tags the code gives each instrument: every key that reaches it within its class.</summary>
internal static class InstrumentTags
{
    /// <summary>By name of the instrument.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> All { get; } = (
        from source in House.ProductSources
        where source.Path.EndsWith("Metrics.cs", StringComparison.Ordinal)
        from call in source.All<InvocationExpressionSyntax>()
        where (call.Expression as MemberAccessExpressionSyntax)?.Name.Identifier.ValueText.StartsWith("Create", StringComparison.Ordinal) == true
        let name = call.ArgumentList.Arguments.Select(argument => Text(argument.Expression)).FirstOrDefault(IsOurs)
        where name is not null
        select KeyValuePair.Create(name, (IReadOnlyList<string>)[.. Keys(call).Distinct().Order(StringComparer.Ordinal)])).ToDictionary();

    private static bool IsOurs(string? name) => name?.StartsWith("clustergrains.", StringComparison.Ordinal) == true;

    private static IEnumerable<string> Keys(InvocationExpressionSyntax creation)
    {
        var type = creation.Ancestors().OfType<TypeDeclarationSyntax>().First();
        var seen = new HashSet<SyntaxNode>();
        var next = new Queue<SyntaxNode>(Uses(creation, type));
        while (next.TryDequeue(out var node))
        {
            foreach (var key in node.DescendantNodesAndSelf().Select(Key).OfType<string>())
            {
                yield return key;
            }

            foreach (var declared in node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
                .SelectMany(name => Declarations(name, type)).Where(seen.Add))
            {
                next.Enqueue(declared);
            }
        }
    }

    /// <summary>What an observable instrument is asked for, or what the others are given wherever they are used.</summary>
    private static IEnumerable<SyntaxNode> Uses(InvocationExpressionSyntax creation, TypeDeclarationSyntax type)
    {
        var field = creation.Ancestors().OfType<AssignmentExpressionSyntax>().FirstOrDefault()?.Left.ToString()
            ?? creation.Ancestors().OfType<VariableDeclaratorSyntax>().FirstOrDefault()?.Identifier.ValueText;
        return ((MemberAccessExpressionSyntax)creation.Expression).Name.Identifier.ValueText.Contains("Observable", StringComparison.Ordinal)
            ? [creation.ArgumentList.Arguments[1].Expression]
            : type.DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Where(call => call.Expression is MemberAccessExpressionSyntax access && access.Expression.ToString() == field)
                .Select(call => call.ArgumentList);
    }

    /// <summary>The methods and members of the class that a name may mean, and the variables around it.</summary>
    private static IEnumerable<SyntaxNode> Declarations(IdentifierNameSyntax name, TypeDeclarationSyntax type)
    {
        var text = name.Identifier.ValueText;
        var variables = name.Ancestors().OfType<BaseMethodDeclarationSyntax>().FirstOrDefault()?.DescendantNodes() ?? [];
        return type.Members.OfType<MethodDeclarationSyntax>().Where(method => method.Identifier.ValueText == text)
            .Concat<SyntaxNode>(type.Members.OfType<FieldDeclarationSyntax>()
                .SelectMany(field => field.Declaration.Variables).Where(variable => variable.Identifier.ValueText == text))
            .Concat(variables.OfType<VariableDeclaratorSyntax>().Where(variable => variable.Identifier.ValueText == text));
    }

    private static string? Key(SyntaxNode node) => node switch
    {
        InitializerExpressionSyntax { RawKind: (int)SyntaxKind.ComplexElementInitializerExpression, Expressions: [var key, _] } => Text(key),
        BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: [var key, _] } => Text(key.Expression),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax create, ArgumentList.Arguments: [var key, _] }
            when create.ToString() == "KeyValuePair.Create" => Text(key.Expression),
        _ => null,
    };

    private static string? Text(ExpressionSyntax expression) =>
        expression is LiteralExpressionSyntax { Token.Value: string text } ? text : null;
}
