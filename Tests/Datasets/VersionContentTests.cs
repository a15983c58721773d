using System.Text;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets;

public sealed class VersionContentTests
{
    private const string Folder = "s3://feeds/products/v1/";
    private static readonly SourceSpec Source = new() { Uri = "s3://feeds/products" };
    private static readonly StoredFile Marker = new("_SUCCESS", 0, "m");

    [Theory]
    [InlineData("a.ndjson", true)]
    [InlineData("part/a.ndjson", true)]
    [InlineData("_SUCCESS", false)]
    [InlineData("manifest.json", false)]
    [InlineData("part/manifest.json", true)]
    [InlineData("_temporary/a.ndjson", false)]
    [InlineData("part/.a.crc", false)]
    [InlineData("part/", false)]
    public void Hidden_names_the_marker_and_the_manifest_are_no_data(string name, bool isData) =>
        Assert.Equal(isData, VersionContent.IsData(name, Source));

    [Theory]
    [InlineData("a.ndjson", DataFormat.Auto, DataFormat.Plain)]
    [InlineData("a.ndjson.GZ", DataFormat.Auto, DataFormat.Gzip)]
    [InlineData("a.zst", DataFormat.Auto, DataFormat.Zstd)]
    [InlineData("a.zstd", DataFormat.Auto, DataFormat.Zstd)]
    [InlineData("a.gz", DataFormat.Plain, DataFormat.Plain)]
    public void The_name_tells_the_format_unless_the_spec_does(string name, DataFormat told, DataFormat format) =>
        Assert.Equal(format, VersionContent.FormatOf(name, told));

    [Fact]
    public void The_fingerprint_is_of_every_name_size_and_etag_and_of_no_order()
    {
        var a = new StoredFile("a", 1, "x");
        var b = new StoredFile("b", 2, "y");
        var same = Freeze(Marker, a, b).Fingerprint;

        Assert.Equal(same, Freeze(Marker, b, a).Fingerprint);
        Assert.All(
            [
                Freeze(Marker with { ETag = "n" }, a, b), Freeze(Marker, a), Freeze(Marker, a, b with { Name = "c" }),
                Freeze(Marker, a, b with { Size = 3 }), Freeze(Marker, a, b with { ETag = "z" }),
            ],
            other => Assert.NotEqual(same, other.Fingerprint));
    }

    [Fact]
    public void A_digest_is_of_names_and_sizes_and_null_for_nothing()
    {
        Assert.Null(VersionContent.Digest([]));
        Assert.Equal(VersionContent.Digest([new("a", 1, "x")]), VersionContent.Digest([new("a", 1, "y")]));
        Assert.NotEqual(VersionContent.Digest([new("a", 1, "x")]), VersionContent.Digest([new("a", 2, "x")]));
    }

    [Fact]
    public void A_version_without_data_and_one_with_too_many_files_are_refused()
    {
        Assert.Equal(DatasetCodes.SourceEmpty, Assert.Throws<SourceException>(() => Freeze(Marker)).Code);
        var many = Enumerable.Range(0, FrozenVersion.MaxFiles + 1).Select(i => new StoredFile($"{i}", 1, "x")).ToArray();
        Assert.Equal(DatasetCodes.SourceUnusable, Assert.Throws<SourceException>(() => Freeze(Marker, many)).Code);
        Assert.Equal(FrozenVersion.MaxFiles, Freeze(Marker, many[1..]).Files.Length);
    }

    [Theory]
    [InlineData("""{"files":[{"name":"a","size":1},{"name":"p/b"}],"documents":7}""")]
    [InlineData("""{"entries":[{"url":"s3://feeds/products/v1/a","mandatory":true,"meta":{"content_length":1}},{"url":"p/b"}],"documents":7}""")]
    [InlineData("""{"documents":7}""")]
    public void A_manifest_that_fits_promises_documents(string manifest) =>
        Assert.Equal(7, Freeze(manifest, new("a", 1, "x"), new("p/b", 2, "y")).Documents);

    [Theory]
    [InlineData("""{"files":[{"name":"a"}]}""", "v1/p/b is not in manifest.json")]
    [InlineData("""{"files":[{"name":"a"},{"name":"p/b"},{"name":"c"}]}""", "names c, which is not among the data files")]
    [InlineData("""{"files":[{"name":"a"},{"name":"p/b"},{"name":"a"}]}""", "names a, which is not among the data files, or names it twice")]
    [InlineData("""{"files":[{"name":"a","size":3},{"name":"p/b"}]}""", "v1/a has 1 bytes; manifest.json says 3")]
    [InlineData("""{"entries":[{"url":"s3://other/a"}]}""", "s3://other/a does not lie below s3://feeds/products/v1/")]
    [InlineData("""{"files":[{}]}""", "an entry has no name")]
    [InlineData("""{"documents":"7"}""", "is no manifest")]
    [InlineData("""{"documents":-1}""", "is no manifest")]
    [InlineData("{}", "it says neither files, nor entries, nor documents")]
    [InlineData("[]", "is no manifest")]
    [InlineData("{", "is no manifest")]
    public void A_manifest_that_does_not_fit_is_refused_and_the_file_named(string manifest, string what)
    {
        var failure = Assert.Throws<SourceException>(() => Freeze(manifest, new("a", 1, "x"), new("p/b", 2, "y")));

        Assert.Equal(DatasetCodes.ManifestMismatch, failure.Code);
        Assert.Contains(what, failure.Message, StringComparison.Ordinal);
    }

    private static FrozenVersion Freeze(StoredFile marker, params StoredFile[] files) =>
        VersionContent.Freeze("v1", Source, marker, files, null);

    private static FrozenVersion Freeze(string manifest, params StoredFile[] files) =>
        VersionContent.Freeze("v1", Source, Marker, files, SourceManifest.Read(
            "v1", Folder, new StoredFile(VersionContent.ManifestName, 1, "e"), Encoding.UTF8.GetBytes(manifest)));
}
