using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ClusterGrains.Tests.Tidy;

public sealed class CodeTests
{
    private const int LongestMethod = 60;
    private const int LongestFile = 300;
    private const int LongestTestFile = 500;
    private const int WidestConstructor = 7;

    private static readonly SyntaxKind[] ClosedModifiers =
        [SyntaxKind.SealedKeyword, SyntaxKind.StaticKeyword, SyntaxKind.AbstractKeyword];

    [Fact]
    public void Methods_fit_on_a_screen() => Rule.Holds(
        $"A method has at most {LongestMethod} lines",
        from source in House.Sources
        from method in source.All<SyntaxNode>()
        let body = Body(method)
        where body is not null
        let span = body.GetLocation().GetLineSpan()
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines > LongestMethod
        select $"{source.At(method)} has {lines} lines");

    [Fact]
    public void Files_stay_short() => Rule.Holds(
        $"A file has at most {LongestFile} lines, {LongestTestFile} in Tests",
        from source in House.Sources
        where source.Lines > (source.Project == "Tests" ? LongestTestFile : LongestFile)
        select $"{source.Path} has {source.Lines} lines");

    [Fact]
    public void Constructors_stay_narrow() => Rule.Holds(
        $"A constructor has at most {WidestConstructor} parameters; a record that is data may have more",
        from source in House.Sources
        from node in source.All<SyntaxNode>()
        let parameters = node switch
        {
            ConstructorDeclarationSyntax constructor => constructor.ParameterList,
            ClassDeclarationSyntax type => type.ParameterList,
            StructDeclarationSyntax type => type.ParameterList,
            _ => null,
        }
        where parameters?.Parameters.Count > WidestConstructor
        select $"{source.At(node)} has {parameters.Parameters.Count} parameters");

    [Fact]
    public void Classes_are_closed() => Rule.Holds(
        "A class is sealed, static or abstract",
        from source in House.Sources
        from type in source.All<TypeDeclarationSyntax>()
        where type is ClassDeclarationSyntax || type.IsKind(SyntaxKind.RecordDeclaration)
        where !type.Modifiers.Any(modifier => ClosedModifiers.Contains(modifier.Kind()))
        where !IsOtherPart(source, type)
        select $"{source.At(type)} {type.Identifier} is open to inheritance");

    [Fact]
    public void What_is_public_is_documented() => Rule.Holds(
        "A public type says what it means (a class of extension methods leaves that to them)",
        from source in House.ProductSources
        from type in source.All<BaseTypeDeclarationSyntax>()
        where type.Modifiers.Any(SyntaxKind.PublicKeyword) && type.Parent is BaseNamespaceDeclarationSyntax
        where !type.GetLeadingTrivia().ToFullString().Contains("///", StringComparison.Ordinal)
        where !type.Identifier.ValueText.EndsWith("Extensions", StringComparison.Ordinal)
        where !IsOtherPart(source, type)
        select $"{source.At(type)} {type.Identifier} has no documentation");

    [Fact]
    public void Nothing_is_left_for_later() => Rule.Holds(
        "Code is finished: no notes to self, no regions, no warning switched off without a reason on its line",
        from source in House.Sources
        from line in source.Unit.SyntaxTree.GetText().Lines
        let text = line.ToString()
        where IsUnfinished(text)
        select $"{source.Path}:{line.LineNumber + 1}: {text.Trim()}");

    [Fact]
    public void Clocks_and_waits_are_banned_by_the_compiler()
    {
        // The ban itself is the analyzer's; what can rot is the list and its being switched off.
        var waits = House.Read("BannedSymbols.Waits.txt");
        var clocks = House.Read("BannedSymbols.Clocks.txt");
        var props = House.Read("Directory.Build.props");

        Assert.Contains("GlobalPackageReference Include=\"Microsoft.CodeAnalysis.BannedApiAnalyzers\"", House.Read("Directory.Packages.props"));
        Assert.All(["Thread.Sleep(System.Int32)", "Task.Delay(System.TimeSpan)"], wait => Assert.Contains(wait, waits));
        Assert.All(["DateTime.UtcNow", "DateTimeOffset.UtcNow", "Stopwatch", "DateTime.Now"], clock => Assert.Contains(clock, clocks));
        Assert.Contains("BannedSymbols.Waits.txt\" />", props);
        Assert.Contains("BannedSymbols.Clocks.txt\" Condition=\"'$(MSBuildProjectName)' != 'Tests'\"", props);
        Rule.Holds(
            "RS0030 is never switched off",
            House.Files.Where(path => path != "Tests/Tidy/CodeTests.cs" && House.Read(path).Contains("RS0030", StringComparison.Ordinal)));
    }

    private static SyntaxNode? Body(SyntaxNode node) => node switch
    {
        BaseMethodDeclarationSyntax method => method.Body ?? (SyntaxNode?)method.ExpressionBody,
        LocalFunctionStatementSyntax local => local.Body ?? (SyntaxNode?)local.ExpressionBody,
        AccessorDeclarationSyntax accessor => accessor.Body ?? (SyntaxNode?)accessor.ExpressionBody,
        _ => null,
    };

    // The modifiers and the documentation of a partial type stand at one of its parts.
    private static bool IsOtherPart(SourceFile source, BaseTypeDeclarationSyntax type) =>
        type.Modifiers.Any(SyntaxKind.PartialKeyword)
        && House.Sources.Any(other =>
            other.Project == source.Project
            && other.Concept == source.Concept
            && other.All<BaseTypeDeclarationSyntax>().Any(part =>
                part != type
                && part.Identifier.ValueText == type.Identifier.ValueText
                && part.Modifiers.Any(modifier => ClosedModifiers.Contains(modifier.Kind()))
                && part.GetLeadingTrivia().ToFullString().Contains("///", StringComparison.Ordinal)));

    private static bool IsUnfinished(string line)
    {
        var text = line.TrimStart();
        return text.Contains("// TO" + "DO", StringComparison.OrdinalIgnoreCase)
            || text.Contains("// FIX" + "ME", StringComparison.OrdinalIgnoreCase)
            || text.Contains("// HA" + "CK", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("#reg" + "ion", StringComparison.Ordinal)
            || (text.StartsWith("#pragma warning disable", StringComparison.Ordinal) && !text.Contains("//", StringComparison.Ordinal));
    }
}
