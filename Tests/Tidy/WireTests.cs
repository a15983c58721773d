using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ClusterGrains.Tests.Tidy;

public sealed class WireTests
{
    [Fact]
    public void What_travels_has_a_name_that_no_rename_changes() => Rule.Holds(
        "A [GenerateSerializer] type has an [Alias]",
        from source in House.ProductSources
        from type in source.All<BaseTypeDeclarationSyntax>()
        where Has(type.AttributeLists, "GenerateSerializer") && !Has(type.AttributeLists, "Alias")
        select $"{source.At(type)} {type.Identifier}");

    [Fact]
    public void Grain_contracts_and_their_methods_have_names_that_no_rename_changes() => Rule.Holds(
        "A grain interface and each of its methods have an [Alias]",
        from source in House.ProductSources
        from contract in source.All<InterfaceDeclarationSyntax>()
        where contract.BaseList?.Types.Any(IsGrain) == true
        from member in contract.Members.Cast<MemberDeclarationSyntax>().Append(contract)
        where !Has(member.AttributeLists, "Alias")
        select source.At(member));

    [Fact]
    public void Grains_have_a_type_name_that_no_rename_changes() => Rule.Holds(
        "A grain class has a [GrainType]: it is part of every stored key",
        from source in House.ProductSources
        from type in source.All<ClassDeclarationSyntax>()
        where type.BaseList?.Types.Any(IsGrain) == true && !type.Modifiers.Any(SyntaxKind.AbstractKeyword)
        where !Has(type.AttributeLists, "GrainType")
        select $"{source.At(type)} {type.Identifier}");

    [Fact]
    public void Wire_contracts_live_in_Interfaces() => Rule.Holds(
        "Grain interfaces are declared in Interfaces",
        from source in House.ProductSources
        where source.Project != "Interfaces"
        from contract in source.All<InterfaceDeclarationSyntax>()
        where contract.BaseList?.Types.Any(IsGrain) == true
        select $"{source.At(contract)} {contract.Identifier}");

    private static bool IsGrain(BaseTypeSyntax type) => type.Type.ToString() is var name
        && (name.StartsWith("IGrainWith", StringComparison.Ordinal) || name is "Grain" or "IResourceGrain" or "ISearchClusterGrain" or "ISearchDatasetGrain");

    private static bool Has(SyntaxList<AttributeListSyntax> lists, string name) =>
        lists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() == name);
}
