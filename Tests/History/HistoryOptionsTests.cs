using ClusterGrains.History;

namespace ClusterGrains.Tests.History;

public sealed class HistoryOptionsTests
{
    [Theory]
    [InlineData("s3://bucket", "bucket", "")]
    [InlineData("s3://bucket/", "bucket", "")]
    [InlineData("s3://my.bucket-1/team/search/", "my.bucket-1", "team/search/")]
    public void A_bucket_with_or_without_a_prefix(string uri, string bucket, string prefix)
    {
        Assert.True(HistoryLocation.TryParse(uri, out var location, out _));
        Assert.Equal(new HistoryLocation.S3(bucket, prefix), location);
    }

    [Theory]
    [InlineData("file:///var/lib/clustergrains/history", "/var/lib/clustergrains/history")]
    [InlineData("file:///var/lib/with%20space/", "/var/lib/with space")]
    [InlineData("file:/var/lib/history", "/var/lib/history")]
    public void An_absolute_folder(string uri, string path)
    {
        Assert.True(HistoryLocation.TryParse(uri, out var location, out _));
        Assert.Equal(new HistoryLocation.Folder(path), location);
    }

    [Fact]
    public void A_relative_folder_is_one_of_the_working_directory()
    {
        Assert.True(HistoryLocation.TryParse(new HistoryOptions().Uri, out var location, out _));
        Assert.Equal(new HistoryLocation.Folder(Path.GetFullPath("data/history")), location);
    }

    [Theory]
    [InlineData("", "is neither s3://bucket/prefix nor a folder")]
    [InlineData("data/history", "is neither s3://bucket/prefix nor a folder")]
    [InlineData("https://bucket.s3.amazonaws.com", "is neither s3://bucket/prefix nor a folder")]
    [InlineData("file:", "names no folder")]
    [InlineData("file:///", "names no folder")]
    [InlineData("file://var/lib/history", "three slashes")]
    [InlineData("s3://", "is not s3://bucket/prefix")]
    [InlineData("s3://b", "3 to 63")]
    [InlineData("s3://Bucket/prefix", "lower-case")]
    [InlineData("s3://key:secret@bucket/prefix", "credentials belong into History:S3")]
    [InlineData("s3://bucket/prefix?region=x", "is not s3://bucket/prefix")]
    public void Anything_else_is_refused_with_the_cure(string uri, string cure)
    {
        Assert.Contains(
            Failures(new() { Uri = uri, S3 = { Region = "eu-central-1" } }),
            f => f.Contains($"History:Uri '{uri}' ", StringComparison.Ordinal) && f.Contains(cure, StringComparison.Ordinal));
    }

    [Fact]
    public void All_mistakes_are_told_at_once_and_no_secret_is()
    {
        var failures = Failures(new()
        {
            Uri = "s4://bucket",
            S3 = { ServiceUrl = "minio:9000", SecretKey = "hunter2" },
        });

        Assert.Collection(
            failures,
            f => Assert.StartsWith("History:Uri 's4://bucket' is neither", f, StringComparison.Ordinal),
            f => Assert.StartsWith("History:S3:ServiceUrl 'minio:9000' is not a URL", f, StringComparison.Ordinal),
            f => Assert.StartsWith("History:S3:AccessKey is empty but History:S3:SecretKey is not", f, StringComparison.Ordinal));
        Assert.DoesNotContain(failures, f => f.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_does_not_care_about_s3_settings() =>
        Assert.Empty(Failures(new() { Uri = "file:x", S3 = { ServiceUrl = "nonsense", AccessKey = "alone" } }));

    [Theory]
    [InlineData("file:x", 0, null)]
    [InlineData("file:x", 16, null)]
    [InlineData("file:x", 15, "History:KeepChecks is too short")]
    [InlineData("s3://bucket", 16, "let the bucket's lifecycle expire checks")]
    public void Checks_are_deleted_from_a_folder_only_and_not_before_they_were_looked_for(string uri, int days, string? mistake)
    {
        var failures = Failures(new() { Uri = uri, S3 = { Region = "eu-central-1" }, KeepChecks = TimeSpan.FromDays(days) });

        Assert.Equal(mistake is null ? 0 : 1, failures.Count);
        Assert.All(failures, failure => Assert.Contains(mistake!, failure, StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Failures(HistoryOptions options) =>
        [.. new HistoryOptionsValidator().Validate(null, options).Failures ?? []];
}
