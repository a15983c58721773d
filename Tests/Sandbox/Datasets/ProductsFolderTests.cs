using System.IO.Compression;
using System.Text.Json;
using ClusterGrains.Sandbox.Datasets;
using ZstdSharp;

namespace ClusterGrains.Tests.Sandbox.Datasets;

public sealed class ProductsFolderTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 18, 30, 5, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("products").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_first_version_has_files_of_every_kind_and_every_product_once()
    {
        await ProductsFolder.Begin(_folder, Now, TestContext.Current.CancellationToken);

        var version = Path.Combine(_folder, "2026-11-22T183005");
        Assert.Equal([version], Directory.GetFileSystemEntries(_folder));
        Assert.Equal(
            ["_SUCCESS", "products-1.ndjson", "products-2.ndjson.gz", "products-3.ndjson.zst", "products-4.ndjson"],
            Directory.GetFiles(version).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var skus = Directory.GetFiles(version, "products-*").SelectMany(Lines)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sku").GetString());
        Assert.Equal(ProductsFolder.Documents, skus.Distinct().Count());
    }

    [Fact]
    public async Task What_is_there_is_left_as_it_is()
    {
        await ProductsFolder.Begin(_folder, Now, TestContext.Current.CancellationToken);

        await ProductsFolder.Begin(_folder, Now.AddDays(1), TestContext.Current.CancellationToken);

        Assert.Single(Directory.GetDirectories(_folder));
        Assert.Equal("2026-11-22T183005", ProductsFolder.Oldest(_folder));
    }

    [Fact]
    public void Only_a_complete_version_counts()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "2026-01-01"));
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, ".2026-01-02")).FullName, "_SUCCESS"), "");

        Assert.Null(ProductsFolder.Oldest(_folder));
        Assert.Null(ProductsFolder.Oldest(Path.Combine(_folder, "nothing")));
    }

    private static string[] Lines(string file)
    {
        using var bytes = File.OpenRead(file);
        using Stream text = Path.GetExtension(file) switch
        {
            ".gz" => new GZipStream(bytes, CompressionMode.Decompress),
            ".zst" => new DecompressionStream(bytes),
            _ => bytes,
        };
        using var reader = new StreamReader(text);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
