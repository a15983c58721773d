using System.Reflection;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Clusters;

public sealed class FindingsPageTests
{
    [Theory]
    [InlineData("SearchCluster", typeof(FindingCodes))]
    [InlineData("SearchDataset", typeof(DatasetCodes))]
    [InlineData("resource", typeof(ResourceFindings))]
    public void The_page_lists_exactly_the_codes_of_the_code(string kind, Type codes) =>
        Assert.Equal(Constants(codes), FindingsPage.Codes(kind).Order());

    [Fact]
    public void The_page_lists_exactly_the_metric_names_of_the_code() => Assert.Equal(Constants(typeof(FactNames)), FindingsPage.Metrics.Order());

    [Theory]
    [InlineData("SearchCluster")]
    [InlineData("SearchDataset")]
    [InlineData("resource")]
    public void Every_code_has_a_severity_an_occasion_and_a_cure(string kind) => Assert.All(FindingsPage.Codes(kind), code =>
    {
        var (severity, when, cure) = FindingsPage.Row(code);
        Assert.All(severity.Split(" or "), name => Assert.True(Enum.TryParse<Severity>(name, out _), $"{code}: '{name}' is no severity."));
        Assert.NotEmpty(when);
        Assert.NotEmpty(cure);
    });

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Order();
}
