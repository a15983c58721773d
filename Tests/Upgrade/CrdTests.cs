using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Tests.Tidy;

namespace ClusterGrains.Tests.Upgrade;

/// <summary>A newer CRD is laid over the one before while resources are there: it may add, and take nothing away.</summary>
public sealed class CrdTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    public static TheoryData<string> Published => [.. GoldenFile.Names("searchclusters"), .. GoldenFile.Names("searchdatasets")];

    [Theory]
    [MemberData(nameof(Published))]
    public void Whatever_a_published_CRD_accepted_is_accepted_and_kept(string name) =>
        Assert.Empty(CrdSchema.Breaks(JsonNode.Parse(GoldenFile.Read(name))!.AsObject(), Today(name.Split('-')[0])));

    [Theory]
    [InlineData("searchclusters")]
    [InlineData("searchdatasets")]
    public void What_is_accepted_today_is_in_the_newest_golden_CRD(string plural) =>
        GoldenFile.AssertNewest(plural, ".json", CrdSchema.Bare(Today(plural)).ToJsonString(Indented) + "\n");

    [Theory]
    [InlineData("properties.spec.properties.endpoints", "null", "v1alpha1.spec.endpoints is gone")]
    [InlineData("properties.spec.properties.endpoints.maxItems", "1", "v1alpha1.spec.endpoints: maxItems was ")]
    [InlineData("properties.spec.properties.endpoints.minItems", "3", "v1alpha1.spec.endpoints: minItems was ")]
    [InlineData("properties.spec.properties.endpoints.type", "\"string\"", "v1alpha1.spec.endpoints: type was \"array\" and is \"string\"")]
    [InlineData("properties.spec.properties.endpoints.items.pattern", "\"^https:\"", "v1alpha1.spec.endpoints[]: pattern was ")]
    [InlineData("properties.spec.required", """["endpoints","schedule"]""", "v1alpha1.spec.schedule is required now")]
    [InlineData("properties.spec.properties.engine.enum", """["OpenSearch"]""", "v1alpha1.spec.engine: \"")]
    [InlineData("properties.spec.properties.suspend.enum", "[true]", "v1alpha1.spec.suspend: only some values are accepted now")]
    [InlineData("properties.spec.x-kubernetes-validations", """[{"rule":"size(self.endpoints) > 9"}]""", "v1alpha1.spec: a rule is new: size(self.endpoints) > 9")]
    [InlineData("properties.status.properties.verdict", "null", "v1alpha1.status.verdict is gone")]
    public void A_field_that_was_removed_or_tightened_is_told(string path, string value, string told)
    {
        var newer = Today("searchclusters");
        JsonNode schema = newer["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!;
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            schema = schema[name]!;
        }

        var change = JsonNode.Parse(value);
        _ = change is null ? schema.AsObject().Remove(names[^1]) : (schema[names[^1]] = change) is not null;

        Assert.StartsWith(told, CrdSchema.Breaks(Today("searchclusters"), newer).First(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_is_no_longer_served_is_told()
    {
        var newer = Today("searchdatasets");
        newer["spec"]!["versions"]![0]!["served"] = false;

        Assert.Equal(["version v1alpha1 is no longer served"], CrdSchema.Breaks(Today("searchdatasets"), newer));
    }

    [Fact]
    public void What_is_added_or_loosened_is_not()
    {
        var newer = Today("searchclusters");
        var spec = newer["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!;
        spec["properties"]!["more"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("a") };
        spec["properties"]!["engine"]!["enum"]!.AsArray().Add("Solr");
        spec["properties"]!["endpoints"]!["maxItems"] = 1000;
        spec.AsObject().Remove("x-kubernetes-validations");

        Assert.Empty(CrdSchema.Breaks(Today("searchclusters"), newer));
    }

    private static JsonObject Today(string plural) =>
        JsonNode.Parse(Yaml.Documents(House.Read($"k8s/crds/{plural}.yaml")).Single().ToJsonString())!.AsObject();
}
