using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Resources;

public sealed class SchemaMirrorTests
{
    private static readonly string[] DocumentedElsewhere = ["metadata", "name"];

    public static TheoryData<string> Plurals => [.. SchemaMirror.Specs.Keys];

    [Theory]
    [MemberData(nameof(Plurals))]
    public void The_spec_in_the_schema_and_the_spec_in_the_code_say_the_same(string plural)
    {
        var schema = SchemaMirror.Flatten("spec", SchemaMirror.Field(plural, "spec"));
        var code = SchemaMirror.Of("spec", SchemaMirror.Specs[plural]);

        Assert.Equal(code.Order(StringComparer.Ordinal), schema.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("searchclusters", "spec.schedule", typeof(ScheduleSpec), 4)]
    [InlineData("searchdatasets", "spec.schedule", typeof(LookSpec), 2)]
    [InlineData("searchdatasets", "spec.source", typeof(SourceSpec), 1)]
    [InlineData("searchdatasets", "spec.load", typeof(LoadSpec), 1)]
    [InlineData("searchdatasets", "spec.rollout", typeof(RolloutSpec), 1)]
    public void The_ranges_of_durations_are_told_by_kubectl_explain(string plural, string path, Type type, int count)
    {
        var ranges = SpecSchema.Fields(type)
            .Select(field => (Name: SpecSchema.Camel(field.Name), Range: field.GetCustomAttribute<RangeAttribute>()))
            .Where(field => field.Range?.OperandType == typeof(TimeSpan))
            .ToArray();

        Assert.Equal(count, ranges.Length);
        Assert.All(ranges, field =>
        {
            Assert.True(field.Range!.IsValid(TimeSpan.FromMinutes(1)));
            Assert.Contains(
                $"{Durations.Format((TimeSpan)field.Range.Minimum)} to {Durations.Format((TimeSpan)field.Range.Maximum)}",
                (string)SchemaMirror.Field(plural, $"{path}.{field.Name}")["description"],
                StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Plurals))]
    public void Every_field_has_a_description_and_a_type_and_every_list_and_text_has_a_limit(string plural)
    {
        Walk("", SchemaMirror.Root(plural));

        static void Walk(string path, Dictionary<object, object> schema)
        {
            var name = path.Split('.')[^1];
            Assert.True(schema.ContainsKey("type"), $"{path} has no type.");
            Assert.True(
                schema.ContainsKey("description") || DocumentedElsewhere.Contains(name) || name.EndsWith("[]", StringComparison.Ordinal),
                $"{path} has no description.");
            Assert.True(schema["type"] is not "array" || schema.ContainsKey("maxItems"), $"{path} has no maxItems.");
            Assert.True(
                schema["type"] is not "string" || schema.ContainsKey("maxLength") || schema.ContainsKey("enum")
                || schema.ContainsKey("format") || name is "apiVersion" or "kind",
                $"{path} has no limit.");

            foreach (DictionaryEntry property in schema.TryGetValue("properties", out var properties) ? (IDictionary)properties : new Hashtable())
            {
                Walk($"{path}.{property.Key}", (Dictionary<object, object>)property.Value!);
            }

            if (schema.TryGetValue("items", out var items))
            {
                Walk($"{path}[]", (Dictionary<object, object>)items);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Plurals))]
    public void The_status_keeps_nothing_that_is_not_declared(string plural) =>
        Assert.DoesNotContain(
            SchemaMirror.Flatten("status", SchemaMirror.Field(plural, "status")),
            line => line.Contains("x-kubernetes-preserve-unknown-fields", StringComparison.Ordinal));

    [Theory]
    [InlineData("searchclusters", ".verdict", typeof(Verdict))]
    [InlineData("searchclusters", ".findings[].severity", typeof(Severity))]
    [InlineData("searchdatasets", ".findings[].severity", typeof(Severity))]
    [InlineData("searchdatasets", ".phase", typeof(DatasetPhase))]
    [InlineData("searchdatasets", ".candidate.step", typeof(UpdateStep))]
    [InlineData("searchdatasets", ".candidate.kind", typeof(UpdateKind))]
    [InlineData("searchdatasets", ".recent[].result", typeof(UpdateResult))]
    public void Closed_lists_of_the_status_are_those_of_the_code(string plural, string path, Type type) =>
        Assert.Equal(
            Enum.GetNames(type).Select(name => $"{path} enum = {name}"),
            SchemaMirror.Flatten("", SchemaMirror.Field(plural, "status"))
                .Where(line => line.StartsWith($"{path} enum", StringComparison.Ordinal)));

    [Theory]
    [InlineData("searchclusters", "VERDICT REASON HEALTH VERSION DISK% CHECKED AGE", "NODES SHARDS UNASSIGNED HISTORY")]
    [InlineData("searchdatasets", "PHASE VERSION DOCS PROGRESS UPDATED READY AGE", "CANDIDATE INDEX REASON HISTORY")]
    public void Every_printed_column_is_a_field_of_the_schema(string plural, string narrow, string wide)
    {
        var version = SchemaMirror.At(SchemaMirror.Crd(plural), "spec", "versions", 0);
        var columns = ((List<object>)version["additionalPrinterColumns"]).Cast<Dictionary<object, object>>()
            .ToLookup(column => column.ContainsKey("priority"), column => (string)column["name"]);
        var paths = ((List<object>)version["additionalPrinterColumns"]).Cast<Dictionary<object, object>>()
            .Select(column => ((string)column["jsonPath"]).TrimStart('.').Split('[')[0])
            .Where(path => path != "metadata.creationTimestamp");

        Assert.Equal(narrow.Split(' '), columns[false]);
        Assert.Equal(wide.Split(' '), columns[true]);
        Assert.All(paths, path => Assert.NotEmpty(SchemaMirror.Field(plural, path)));
    }
}
