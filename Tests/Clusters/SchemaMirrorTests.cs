using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Clusters;

public sealed class SchemaMirrorTests
{
    private static readonly string[] DocumentedElsewhere = ["metadata", "name"];

    [Fact]
    public void The_spec_in_the_schema_and_the_spec_in_the_code_say_the_same()
    {
        var schema = SchemaMirror.Flatten("spec", SchemaMirror.At(SchemaMirror.Root(), "properties", "spec"));
        var code = SchemaMirror.Of("spec", typeof(SearchClusterSpec));

        Assert.Equal(code.Order(StringComparer.Ordinal), schema.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(nameof(ScheduleSpec.Interval))]
    [InlineData(nameof(ScheduleSpec.Timeout))]
    [InlineData(nameof(ScheduleSpec.RequestTimeout))]
    [InlineData(nameof(ScheduleSpec.StaleAfter))]
    public void The_range_of_a_duration_is_told_by_kubectl_explain(string name)
    {
        var range = typeof(ScheduleSpec).GetProperty(name)!.GetCustomAttribute<RangeAttribute>()!;
        Assert.True(range.IsValid(TimeSpan.FromMinutes(1)));

        var field = $"{char.ToLowerInvariant(name[0])}{name[1..]}";
        var schema = SchemaMirror.At(SchemaMirror.Root(), "properties", "spec", "properties", "schedule", "properties", field);
        Assert.Contains(
            $"{Durations.Format((TimeSpan)range.Minimum)} to {Durations.Format((TimeSpan)range.Maximum)}",
            (string)schema["description"],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_field_has_a_description_and_a_type_and_every_list_and_text_of_the_status_has_a_limit()
    {
        Walk("", SchemaMirror.Root());

        static void Walk(string path, Dictionary<object, object> schema)
        {
            var name = path.Split('.')[^1];
            Assert.True(schema.ContainsKey("type"), $"{path} has no type.");
            Assert.True(
                schema.ContainsKey("description") || DocumentedElsewhere.Contains(name) || name.EndsWith("[]", StringComparison.Ordinal),
                $"{path} has no description.");
            Assert.DoesNotContain("x-kubernetes-preserve-unknown-fields", schema.Keys);
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

    [Fact]
    public void Verdicts_and_severities_of_the_status_are_those_of_the_code()
    {
        var status = SchemaMirror.Flatten("", SchemaMirror.At(SchemaMirror.Root(), "properties", "status")).ToList();

        Assert.Equal(
            Enum.GetNames<Verdict>().Select(name => $".verdict enum = {name}"),
            status.Where(line => line.StartsWith(".verdict enum", StringComparison.Ordinal)));
        Assert.Equal(
            Enum.GetNames<Severity>().Select(name => $".findings[].severity enum = {name}"),
            status.Where(line => line.StartsWith(".findings[].severity enum", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_printed_column_is_a_field_of_the_schema()
    {
        var version = SchemaMirror.At(SchemaMirror.Crd(), "spec", "versions", 0);
        var columns = ((List<object>)version["additionalPrinterColumns"]).Cast<Dictionary<object, object>>().ToList();

        Assert.Equal(
            ["VERDICT", "REASON", "HEALTH", "VERSION", "DISK%", "CHECKED", "AGE", "NODES", "SHARDS", "UNASSIGNED", "HISTORY"],
            columns.Select(column => column["name"]));
        foreach (var path in columns.Select(column => (string)column["jsonPath"]).Where(path => path != ".metadata.creationTimestamp"))
        {
            SchemaMirror.At(SchemaMirror.Root(), [.. path.TrimStart('.').Split('.').SelectMany(step => new object[] { "properties", step })]);
        }
    }
}
