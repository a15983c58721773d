using System.Runtime.CompilerServices;
using ClusterGrains.Hosting;
using ClusterGrains.Resources;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ClusterGrains.Tests.Tidy;

public sealed class InterfaceTests
{
    [Fact]
    public void An_interface_has_two_implementations_or_is_a_contract()
    {
        var ours = AppDomain.CurrentDomain.GetAssemblies()
            .Concat([typeof(Manifest).Assembly, typeof(CheckOptions).Assembly, typeof(SiloHost).Assembly])
            .Where(assembly => assembly.GetName().Name!.StartsWith("ClusterGrains.", StringComparison.Ordinal))
            .Distinct()
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && type.Namespace?.StartsWith("ClusterGrains", StringComparison.Ordinal) == true)
            .ToArray();
        var ports = Ports();

        Rule.Holds(
            "An interface has two implementations, or is a grain contract or a port (its summary begins with 'Port:', in Grains)",
            from contract in ours
            where contract.IsInterface && !contract.IsAssignableTo(typeof(IAddressable)) && !ports.Contains(contract.Name)
            let implementations = ours.Count(type => type is { IsInterface: false, IsAbstract: false } && Implements(type, contract))
            where implementations < 2
            select $"{contract.FullName} has {implementations}");
    }

    private static HashSet<string> Ports() =>
        [.. from source in House.Sources
            where source.Project == "Grains"
            from contract in source.All<InterfaceDeclarationSyntax>()
            where contract.GetLeadingTrivia().ToFullString().Contains("<summary>Port:", StringComparison.Ordinal)
                || contract.GetLeadingTrivia().ToFullString().Contains("/// Port:", StringComparison.Ordinal)
            select contract.Identifier.ValueText];

    private static bool Implements(Type type, Type contract) => contract.IsGenericTypeDefinition
        ? type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == contract)
        : type.IsAssignableTo(contract);
}
