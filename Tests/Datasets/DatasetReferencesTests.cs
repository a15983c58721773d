using ClusterGrains.Datasets;
using ClusterGrains.Tests.Resources;

namespace ClusterGrains.Tests.Datasets;

public sealed class DatasetReferencesTests
{
    private readonly PretendApi _api = new();

    [Theory]
    [InlineData("""{"analysis":{}}""", """{"properties":{}}""")]
    [InlineData("""{"settings":{"index":{"refresh_interval":"30s"}}}""", null)]
    [InlineData(null, """{"mappings":{"_meta":{"team":"a"}}}""")]
    public async Task Settings_and_mappings_of_a_ConfigMap_are_taken(string? settings, string? mappings) =>
        Assert.Empty(await Problems(settings, mappings));

    [Theory]
    [InlineData(null, null, "spec.index.configMapRef.name 'cm': The ConfigMap holds nothing for an index in namespace shop")]
    [InlineData("{\n\"a\":", null, "ConfigMap cm/settings.json: Write JSON; line 2 is none.")]
    [InlineData("""{"a":1,"a":2}""", null, "ConfigMap cm/settings.json: Write each name once.")]
    [InlineData("[]", null, "ConfigMap cm/settings.json: Write an object")]
    [InlineData("""{"index":{"number_of_shards":3}}""", null, "ConfigMap cm/settings.json.index.number_of_shards: Take it out and write spec.index.shards.")]
    [InlineData(null, """{"_meta":{"clustergrains":{}}}""", "ConfigMap cm/mappings.json._meta.clustergrains: Take it out")]
    public async Task A_mistake_in_a_ConfigMap_is_told_like_one_in_the_spec(string? settings, string? mappings, string problem) =>
        Assert.StartsWith(problem, Assert.Single(await Problems(settings, mappings)), StringComparison.Ordinal);

    [Fact]
    public async Task A_Secret_and_a_ConfigMap_that_are_not_there_are_both_told()
    {
        var problems = await Check();

        Assert.Equal(2, problems.Length);
        Assert.StartsWith("spec.source.secretRef.name 'keys'", problems[0], StringComparison.Ordinal);
        Assert.StartsWith("spec.index.configMapRef.name 'cm': There is no such ConfigMap in namespace shop", problems[1], StringComparison.Ordinal);
    }

    private Task<string[]> Problems(string? settings, string? mappings)
    {
        var texts = new[] { ("note", "x"), ("settings.json", settings), ("mappings.json", mappings) };
        _api.AddConfigMap("shop", "cm", [.. texts.Where(text => text.Item2 is not null)!]);
        _api.AddSecret("shop", "keys", ("accessKey", "a"), ("secretKey", "s"));
        return Check();
    }

    private async Task<string[]> Check()
    {
        var spec = new SearchDatasetSpec
        {
            ClusterRef = new("search-a"),
            Alias = "products",
            Source = new() { Uri = "s3://feeds", SecretRef = new() { Name = "keys" } },
            Index = new() { ConfigMapRef = new("cm") },
        };
        var problems = await new DatasetReferences(_api, _api).Check("shop", spec, TestContext.Current.CancellationToken);
        return [.. problems.Select(problem => problem.ToString())];
    }
}
