using System.Text;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Sandbox.Clusters.Indices;

namespace ClusterGrains.Tests.Sandbox.Clusters.Indices;

public sealed class IndexArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("indices").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_cluster_that_comes_back_has_everything_it_had()
    {
        string uuid;
        await using (var shop = await Shop())
        {
            await shop.Do("PUT", "/products", """{"settings":{"refresh_interval":"-1"},"mappings":{"_meta":{"mine":1}},"aliases":{"alias":{"is_write_index":true}}}""");
            await shop.Do("PUT", "/gone");
            await shop.Index("alias", ("1", """{"a":1}"""), ("2", """{"a": 2}"""), ("3", "{}"));
            await shop.Do("POST", "/products/_bulk", "{\"delete\":{\"_id\":\"3\"}}\n");
            await shop.Do("PUT", "/products/_block/write");
            await shop.Do("DELETE", "/gone");
            uuid = shop.Cluster.Indices.Find("products")!.Uuid;
        }

        await using var again = await Shop();

        var index = Assert.Single(again.Cluster.Indices.All);
        Assert.Equal(("products", uuid), (index.Name, index.Uuid));
        Assert.True(index.Settings.Flag("index.blocks.write"));
        Assert.Equal(["""{"a":1}""", """{"a": 2}"""], index.Documents.All().Select(one => Encoding.UTF8.GetString(one.Source.Span)));
        Assert.Equal("""{"products":{"aliases":{"alias":{"is_write_index":true}}}}""", (await again.Do("GET", "/_alias/alias")).GetRawText());
        Assert.Equal("""{"_meta":{"mine":1},"properties":{"a":{"type":"long"}}}""", index.Mapping.ToJson().ToJsonString());
        Assert.Equal(2, (await again.Do("GET", "/products/_count")).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task What_a_crash_cut_off_is_forgotten_and_nothing_after_it()
    {
        await using (var shop = await Shop())
        {
            await shop.Index("products", ("1", """{"a":1}"""), ("2", """{"a":2}"""));
        }

        var file = Assert.Single(Directory.GetFiles(_folder, "*.documents"));
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^3]);
        await using (var shop = await Shop())
        {
            await shop.Index("products", ("3", """{"a":3}"""));
        }

        await using var again = await Shop();

        Assert.Equal(["1", "3"], again.Cluster.Indices.Find("products")!.Documents.All().Select(one => one.Id));
    }

    private Task<PretendHttp> Shop() => PretendHttp.Start(
        new PretendClusterOptions { Name = "shop", Engine = PretendEngine.OpenSearch3, IndexFolder = _folder });
}
