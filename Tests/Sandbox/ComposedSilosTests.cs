using ClusterGrains.Tests.History;
using ClusterGrains.Tests.MongoDouble;

namespace ClusterGrains.Tests.Sandbox;

/// <summary>What <c>docker-compose.yml</c> describes, run by its script as processes: two silos, a MongoDB, a real S3 server.</summary>
[Collection(S3Collection.Name)]
public sealed class ComposedSilosTests(DoubledMongo mongo, S3Server s3) : IClassFixture<DoubledMongo>, IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_silos_share_the_sandbox_and_all_end_together()
    {
        var store = s3.NewStore();
        await using var composed = SandboxProcess.StartComposed(_folder.Path, new Dictionary<string, string>
        {
            ["Storage__MongoDb__ConnectionString"] = mongo.ConnectionString,
            ["Storage__MongoDb__Database"] = mongo.NewDatabase(),
            ["History__Uri"] = store.Uri,
            ["History__S3__ServiceUrl"] = store.S3.ServiceUrl,
            ["History__S3__AccessKey"] = store.S3.AccessKey,
            ["History__S3__SecretKey"] = store.S3.SecretKey,
            ["Http__Port"] = "0",
            ["Management__Port"] = "0",
            ["Orleans__SiloPort"] = "0",
        });

        List<(string Process, string Says)> awaited =
        [
            ("silo-1", "Running. "), ("silo-2", "Running. "), ("sandbox", "  orders  Healthy "), ("sandbox", "  sds/products  Promoted "),
        ];
        while (awaited.Count > 0)
        {
            await composed.Line(
                line => awaited.RemoveAll(one => line.StartsWith($"{one.Process}  | ", StringComparison.Ordinal)
                    && line.Contains(one.Says, StringComparison.Ordinal)) > 0,
                Cancellation);
        }

        Assert.NotEmpty(await S3Server.Records(store, Cancellation));
        Assert.Equal(0, await composed.Terminate(Cancellation));
    }
}
