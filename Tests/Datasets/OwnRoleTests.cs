using System.ComponentModel.DataAnnotations;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets;

/// <summary>The operator's own role is lent to what it allows, and shown to nobody else.</summary>
public sealed class OwnRoleTests
{
    private static readonly SourceSpec Spec = new() { Uri = "s3://feeds/products", S3 = new() { Region = "eu-central-1" } };

    [Fact]
    public async Task A_bucket_without_a_Secret_is_refused_with_field_value_and_cure()
    {
        using var world = new SourceWorld(ownRole: ["feeds-of-others"]);

        var refused = await Assert.ThrowsAsync<DependencyException>(() => world.Open(Spec));

        Assert.Equal(Dependency.Source, refused.Dependency);
        Assert.Contains("no spec.source.secretRef", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Datasets:OwnRoleBuckets only, which is 'feeds-of-others'", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("in spec.source.secretRef, or add 'feeds' to the setting.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_the_operator_lends_its_role_to_is_opened()
    {
        using var world = new SourceWorld(ownRole: ["feeds"]);

        await using var source = await world.Open(Spec);

        Assert.NotNull(source);
    }

    [Fact]
    public async Task A_store_that_the_resource_names_is_never_shown_the_role()
    {
        using var world = new SourceWorld(ownRole: ["feeds"]);

        var refused = await Assert.ThrowsAsync<DependencyException>(
            () => world.Open(Spec with { S3 = new() { Endpoint = "http://127.0.0.1:1" } }));

        Assert.Contains("spec.source.s3.endpoint is 'http://127.0.0.1:1'", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("in spec.source.secretRef.", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://feeds")]
    [InlineData("feeds/products")]
    [InlineData("*")]
    [InlineData("")]
    public void A_setting_that_is_no_bucket_is_a_mistake(string bucket)
    {
        var options = new SourceOptions { OwnRoleBuckets = [bucket] };

        var mistake = Assert.Single(options.Validate(new ValidationContext(options)));

        Assert.StartsWith($"Datasets:OwnRoleBuckets '{bucket}' is not", mistake.ErrorMessage, StringComparison.Ordinal);
    }
}
