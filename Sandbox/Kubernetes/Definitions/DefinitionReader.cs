using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Schemas;
using ClusterGrains.Sandbox.Kubernetes.Tables;

namespace ClusterGrains.Sandbox.Kubernetes.Definitions;

/// <summary>Reads CustomResourceDefinitions. The built-in kinds are written in the same form.</summary>
internal static class DefinitionReader
{
    /// <exception cref="FormatException">The definition has no version that is both served and stored, or lacks a name.</exception>
    public static ResourceDefinition Read(JsonObject crd, bool isCustom)
    {
        var spec = crd.Member("spec") ?? throw Missing(crd, "spec");
        var names = spec.Member("names") ?? throw Missing(crd, "spec.names");
        var version = spec.Items("versions")?.OfType<JsonObject>().FirstOrDefault(v => v.Flag("served") && v.Flag("storage"))
            ?? throw Missing(crd, "a version with served and storage");
        var kind = names.Text("kind") ?? throw Missing(crd, "spec.names.kind");
        var plural = names.Text("plural") ?? throw Missing(crd, "spec.names.plural");
        var group = spec.Text("group") ?? "";
        return new ResourceDefinition
        {
            Group = group,
            Version = version.Text("name") ?? throw Missing(crd, "spec.versions[].name"),
            Kind = kind,
            Plural = plural,
            Singular = names.Text("singular") ?? kind.ToLowerInvariant(),
            ShortNames = [.. names.Texts("shortNames")],
            Categories = [.. names.Texts("categories")],
            Namespaced = spec.Text("scope") is not "Cluster",
            Schema = ObjectSchema.Of(version.Member("schema")?.Member("openAPIV3Schema") ?? []),
            HasStatus = version.Member("subresources")?.Member("status") is not null,
            Columns = isCustom ? CustomColumns(version) : BuiltInColumns.Of(plural),
            Verbs = names.Items("verbs") is null ? ResourceDefinition.AllVerbs : [.. names.Texts("verbs")],
            IsCustom = isCustom,
        };
    }

    private static ImmutableArray<PrinterColumn> CustomColumns(JsonObject version)
    {
        var declared = version.Items("additionalPrinterColumns")?.OfType<JsonObject>().Select(CustomColumn).ToImmutableArray();
        return declared is { Length: > 0 } columns ? columns : [PrinterColumn.Age];
    }

    private static PrinterColumn CustomColumn(JsonObject column)
    {
        var path = column.Text("jsonPath") ?? "";
        return PrinterColumn.ByPath(
            column.Text("name") ?? path,
            column.Text("type") ?? "string",
            column.Text("format") ?? "",
            column.Text("description"),
            (int)(column.Integer("priority") ?? 0),
            path);
    }

    private static FormatException Missing(JsonObject crd, string what) =>
        new($"CustomResourceDefinition {crd.Member("metadata")?.Text("name") ?? "(unnamed)"} has no {what}.");
}
