using System.Text;
using Amazon.S3.Model;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Tests.History;

namespace ClusterGrains.Tests.Faults;

/// <summary>Versions in a folder, from their marker to their documents behind the alias.</summary>
public sealed class DatasetEndToEndTests
{
    [Fact]
    public async Task Versions_in_a_folder_are_promoted_rolled_back_and_promoted_again_byte_for_byte()
    {
        await using var world = await DatasetWorld.Start(
            Cancellation, cluster: new PretendClusterOptions { Name = "logs", Engine = PretendEngine.Elasticsearch8 });

        await Rollout.Follow(world, """{"load": {"batchBytes": "512Ki"}}""", version =>
        {
            world.Source("products").Publish(version);
            return Task.CompletedTask;
        });

        Assert.Equal(Rollout.Ended, world.Ended("products"));
        var update = world.History("products").First(record => record.Record is RecordKind.Update);
        Assert.Equal(Rollout.Documents, update.Metrics["docs"]);
        Assert.Equal(2, world.Faults.Objects(RecordKind.Plan).Count);
        Assert.Empty(world.Faults.Objects(RecordKind.Rejected));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}

/// <summary>The same in a bucket of a real S3 server, which keeps the history too.</summary>
[Collection(S3Collection.Name)]
public sealed class DatasetS3EndToEndTests(S3Server server)
{
    [Fact]
    public async Task Versions_in_a_bucket_are_promoted_rolled_back_and_promoted_again_byte_for_byte()
    {
        var (history, source) = (server.NewStore(), server.NewStore());
        await using var world = await DatasetWorld.Start(Cancellation, history: history);
        world.Faults.Seed($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: feed, namespace: default, labels: {clustergrains.io/allow: "true"} }
            data: {accessKey: {{Base64(source.S3.AccessKey)}}, secretKey: {{Base64(source.S3.SecretKey)}}}
            """);
        using var client = S3Client.Create(source.S3);

        await Rollout.Follow(
            world,
            $$"""
            {
              "source": {"uri": "{{source.Uri}}", "s3": {"endpoint": "{{source.S3.ServiceUrl}}"}, "secretRef": {"name": "feed"} },
              "load": {"batchBytes": "512Ki"}
            }
            """,
            async version =>
            {
                foreach (var (name, bytes) in version.Files.Keys.Select(name => (name, version.Bytes(name))).Append(("_SUCCESS", [])))
                {
                    var address = new Uri($"{source.Uri}/{version.Version}/{name}");
                    await client.PutObjectAsync(
                        new PutObjectRequest { BucketName = address.Host, Key = address.AbsolutePath[1..], InputStream = new MemoryStream(bytes) },
                        Cancellation);
                }
            });

        var updates =
            from record in await S3Server.Records(history, Cancellation)
            where record.Record is RecordKind.Update
            orderby record.Seq
            select (record.Update!.Version, Enum.Parse<UpdateResult>(record.Outcome), record.Update.Code);
        Assert.Equal(Rollout.Ended, updates);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
