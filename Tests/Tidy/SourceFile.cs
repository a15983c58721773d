using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ClusterGrains.Tests.Tidy;

/// <summary>One C# file and its syntax.</summary>
/// <param name="Path">From the root, with slashes.</param>
internal sealed record SourceFile(string Path, CompilationUnitSyntax Unit)
{
    /// <summary>The first part of the path.</summary>
    public string Project => Path.Split('/')[0];

    /// <summary>The second part of the path; empty for a file beside the csproj.</summary>
    public string Concept => Path.Split('/') is [_, var concept, _, ..] ? concept : "";

    public int Lines => Unit.SyntaxTree.GetText().Lines.Count;

    public static SourceFile Read(string path) =>
        new(path, CSharpSyntaxTree.ParseText(House.Read(path), path: path).GetCompilationUnitRoot());

    public IEnumerable<T> All<T>()
        where T : SyntaxNode => Unit.DescendantNodes().OfType<T>();

    /// <summary>Where a node is, as every editor understands it: <c>path:line</c>.</summary>
    public string At(SyntaxNode node) => $"{Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";
}
