using ClusterGrains.Clusters;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets;

public sealed class SourceUriTests
{
    [Theory]
    [InlineData("s3://feeds", "feeds", "")]
    [InlineData("s3://feeds/", "feeds", "")]
    [InlineData("s3://feeds/a/b c/", "feeds", "a/b c/")]
    [InlineData("s3://my.feeds-1/team@home/x", "my.feeds-1", "team@home/x/")]
    public void A_bucket_and_its_prefix(string text, string bucket, string prefix) =>
        Assert.Equal(new SourceUri.S3(bucket, prefix), SourceUri.Parse(text));

    [Theory]
    [InlineData("file:///data/products", "/data/products")]
    [InlineData("file:///data/products/", "/data/products")]
    [InlineData("file:///data/a%20b%23c", "/data/a b#c")]
    public void A_folder(string text, string path) => Assert.Equal(new SourceUri.Folder(path), SourceUri.Parse(text));

    [Theory]
    [InlineData("", "Write s3://bucket/prefix or file:///folder.")]
    [InlineData("http://feeds/x", "Write s3://bucket/prefix or file:///folder.")]
    [InlineData("s3://UPPER/x", "Write s3://bucket/prefix with a bucket of 3 to 63 lower case letters")]
    [InlineData("s3://feeds/x?versionId=1", "without '?' and '#'")]
    [InlineData("s3://key:secret@feeds/x", "put them as accessKey and secretKey into a Secret")]
    [InlineData("file:data", "Write an absolute folder with three slashes")]
    [InlineData("file://host/data", "Write an absolute folder with three slashes")]
    [InlineData("file:///", "Name a folder")]
    [InlineData("file:///data/../etc", "without '.' and '..'")]
    [InlineData("file:///data/%2e%2e/etc", "without '.' and '..'")]
    [InlineData("file:///data#x", "as %3F and %23")]
    [InlineData("file:///da%00ta", "without '.' and '..'")]
    public void Anything_else_is_answered_with_what_to_write(string text, string cure)
    {
        Assert.False(SourceUri.TryParse(text, out _, out var said));
        Assert.Contains(cure, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_of_a_source_is_named_with_its_field_value_and_cure()
    {
        var problems = SourceRules.Check(new SourceSpec
        {
            Uri = "file:///data/products",
            S3 = new() { Endpoint = "http://me:pw@minio:9000" },
            SecretRef = new() { Name = "keys" },
            Marker = "done/_SUCCESS",
            Pattern = "[0-9",
        }).ToArray();

        Assert.Equal(
            ["spec.source.s3", "spec.source.secretRef", "spec.source.s3.endpoint", "spec.source.marker", "spec.source.pattern"],
            problems.Select(problem => problem.Field));
        Assert.DoesNotContain(problems, problem => problem.ToString().Contains("pw", StringComparison.Ordinal));
        Assert.All(problems, problem => Assert.NotEmpty(problem.Cure));
    }

    [Fact]
    public void A_secret_in_the_uri_is_not_repeated()
    {
        var problem = Assert.Single(SourceRules.Check(new SourceSpec { Uri = "s3://key:hush@feeds/x" }));

        Assert.Equal("spec.source.uri", problem.Field);
        Assert.DoesNotContain("hush", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eu-central-1", 0)]
    [InlineData("", 0)]
    [InlineData("evil.example/#", 1)]
    public void A_region_cannot_make_another_host(string region, int problems) => Assert.Equal(
        problems,
        SourceRules.Check(new SourceSpec { Uri = "s3://feeds", S3 = new() { Region = region } })
            .Count(problem => problem.Field == "spec.source.s3.region"));
}
