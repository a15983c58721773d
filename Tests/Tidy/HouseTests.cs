using System.Xml.Linq;
using ClusterGrains.Hosting;
using ClusterGrains.Resources;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ClusterGrains.Tests.Tidy;

public sealed class HouseTests
{
    private static readonly Dictionary<string, string[]> ProjectArrows = new()
    {
        ["Interfaces"] = [],
        ["Grains"] = ["Interfaces"],
        ["Silo"] = ["Grains"],
        ["Sandbox"] = ["Silo"],
        ["Benchmarks"] = ["Sandbox", "Silo", "Tests"],
        ["Tests"] = ["Sandbox", "Silo"],
    };

    /// <summary>Which concept may use which others. Resources is what all kinds share; a kind stands on top of it.</summary>
    private static readonly Dictionary<string, string[]> ConceptArrows = new()
    {
        ["Storage"] = ["Resources"],
        ["History"] = ["Resources", "Storage"],
        ["Status"] = ["Resources", "History", "Storage"],
        ["Resources"] = ["History", "Status", "Storage"],
        ["Clusters"] = ["Resources", "History", "Status", "Storage"],
        ["Datasets"] = ["Resources", "Clusters", "History", "Status", "Storage"],
        ["Watch"] = ["Resources", "Storage"],
        ["Access"] = ["Resources"],
        ["Fleet"] = ["Access", "History", "Resources", "Storage", "Telemetry"],
        ["Telemetry"] = ["Resources"],
        ["Transfer"] = ["Resources", "Storage"],
        ["Verification"] = ["Clusters", "Datasets", "History", "Resources", "Status", "Storage"],
        ["Hosting"] =
        [
            "Access", "Clusters", "Datasets", "Fleet", "History", "Resources", "Status", "Storage", "Telemetry", "Transfer", "Verification", "Watch",
        ],
    };

    private static readonly string[] Drawers =
        ["Common", "Core", "Helpers", "Misc", "Models", "Services", "Shared", "Util", "Utils", "Utilities", "Extensions"];

    /// <summary>Decisions are made without the outside world; the ports in Grains are all they know of it.</summary>
    private static readonly string[] OutsideWorld =
        ["Microsoft.AspNetCore", "Microsoft.Data", "SQLitePCL", "AWSSDK", "Kubernetes", "YamlDotNet", "MongoDB", "OpenTelemetry", "System.Net.Http"];

    [Fact]
    public void The_solution_has_every_project()
    {
        var solution = House.Read("ClusterGrains.sln").Replace('\\', '/');

        Rule.Holds(
            "Every project is in ClusterGrains.sln",
            Projects().Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Projects_know_only_the_projects_below_them() => Rule.Holds(
        "Interfaces <- Grains <- Silo <- Sandbox, and Tests sees all",
        from project in Projects()
        from reference in Includes(project, "ProjectReference")
        let name = Path.GetFileNameWithoutExtension(reference)
        where !ProjectArrows.GetValueOrDefault(project.Split('/')[0], []).Contains(name)
        select $"{project} references {name}");

    [Fact]
    public void The_wire_contract_needs_nothing_but_Orleans() =>
        Assert.Equal(["Microsoft.Orleans.Sdk"], Includes("Interfaces/Interfaces.csproj", "PackageReference"));

    [Fact]
    public void Decisions_are_made_without_the_outside_world() => Rule.Holds(
        "Interfaces and Grains reference no Kubernetes, no AWS, no database and no HTTP",
        from assembly in new[] { typeof(Manifest).Assembly, typeof(CheckOptions).Assembly }
        from reference in assembly.GetReferencedAssemblies()
        where OutsideWorld.Any(outside => reference.Name!.StartsWith(outside, StringComparison.Ordinal))
        select $"{assembly.GetName().Name} references {reference.Name}");

    [Fact]
    public void The_sandbox_is_not_in_the_silo() => Assert.DoesNotContain(
        typeof(SiloHost).Assembly.GetReferencedAssemblies(), reference => reference.Name == "ClusterGrains.Sandbox");

    [Fact]
    public void A_folder_is_a_namespace() => Rule.Holds(
        "A folder is a concept and its namespace",
        from source in House.Sources
        from declared in source.All<BaseNamespaceDeclarationSyntax>()
        where declared.Name.ToString() != Namespace(source)
        select $"{source.At(declared)} is {declared.Name}, but lies in {Namespace(source)}");

    [Fact]
    public void Every_type_has_a_namespace() => Rule.Holds(
        "Every type is in the namespace of its folder",
        from source in House.Sources
        from type in source.Unit.Members.OfType<BaseTypeDeclarationSyntax>()
        select $"{source.At(type)} declares {type.Identifier} outside of any namespace");

    [Fact]
    public void No_folder_is_a_drawer() => Rule.Holds(
        "A folder is named after a concept, not after a kind of code",
        House.Files.Where(path => path.Split('/')[..^1].Any(Drawers.Contains)));

    [Fact]
    public void Every_concept_has_its_place() => Rule.Holds(
        "The folders of Interfaces, Grains and Silo are the concepts of the house",
        House.ProductSources
            .Where(source => source.Project != "Sandbox" && source.Concept.Length > 0 && !ConceptArrows.ContainsKey(source.Concept))
            .Select(source => $"{source.Path} is in {source.Concept}"));

    [Fact]
    public void Concepts_use_only_the_concepts_they_stand_on() => Rule.Holds(
        "A concept uses only the concepts it stands on",
        from source in House.ProductSources
        where source.Project != "Sandbox" && ConceptArrows.ContainsKey(source.Concept)
        from line in source.All<UsingDirectiveSyntax>()
        let parts = line.Name?.ToString().Split('.') ?? []
        where parts is ["ClusterGrains", _, ..] && parts[1] != source.Concept
        where !ConceptArrows[source.Concept].Contains(parts[1])
        select $"{source.At(line)}: {source.Concept} uses {parts[1]}");

    private static IEnumerable<string> Projects() =>
        House.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal));

    private static IEnumerable<string> Includes(string project, string item) =>
        XDocument.Parse(House.Read(project)).Descendants(item).Select(element => element.Attribute("Include")!.Value.Replace('\\', '/'));

    private static string Namespace(SourceFile source)
    {
        var project = source.Project is "Interfaces" or "Grains" or "Silo" ? "ClusterGrains" : $"ClusterGrains.{source.Project}";
        return string.Join('.', [project, .. source.Path.Split('/')[1..^1]]);
    }
}
