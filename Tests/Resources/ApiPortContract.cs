using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using ClusterGrains.Status;

namespace ClusterGrains.Tests.Resources;

/// <summary>What the grains rely on from <see cref="IResourceApi"/> and <see cref="IStatusApi"/>, whatever stands behind.</summary>
public abstract class ApiPortContract
{
    protected static readonly ResourceKind Kind = new("SearchCluster", "searchclusters", "searchcluster");

    protected ResourceKey Key { get; } = new("default", $"contract-{Guid.NewGuid().ToString("N")[..8]}");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IResourceApi Resources { get; }

    protected abstract IStatusApi Statuses { get; }

    protected abstract Task Create();

    protected abstract Task Suspend();

    protected abstract Task Delete();

    [Fact]
    public async Task What_is_not_there_is_nothing()
    {
        Assert.Null(await Resources.Get(Kind, Key, Cancellation));
        Assert.Null(await Statuses.Read(Kind, Key, Cancellation));
        Assert.Null(await Statuses.Write(Kind, Key, "nobody", "1", Status(1), Cancellation));
    }

    [Fact]
    public async Task What_is_there_is_read_as_it_is_now()
    {
        await Create();
        var created = await Get();
        await Suspend();
        var edited = await Get();

        Assert.Equal((Key, 1L), (created.Key, created.Generation));
        Assert.Equal((created.Uid, 2L), (edited.Uid, edited.Generation));
        Assert.NotEqual(created.SpecHash, edited.SpecHash);
        Assert.True((bool?)JsonNode.Parse(edited.Spec)!["suspend"]);
    }

    [Fact]
    public async Task A_status_is_written_and_leaves_the_spec_alone()
    {
        await Create();
        var manifest = await Get();
        Assert.Null((await Read()).Status);

        var version = await Write(manifest.Uid, manifest.ResourceVersion, Status(7));

        var live = await Read();
        Assert.Equal((manifest.Uid, version), (live.Uid, live.ResourceVersion));
        Assert.True(JsonNode.DeepEquals(Status(7), live.Status), $"{live.Status}");
        var after = await Get();
        Assert.Equal((1L, manifest.SpecHash, version), (after.Generation, after.SpecHash, after.ResourceVersion));
    }

    [Fact]
    public async Task A_status_replaces_the_one_before()
    {
        await Create();
        var manifest = await Get();
        var first = Status(1);
        first["reason"] = "Gone";
        var version = await Write(manifest.Uid, manifest.ResourceVersion, first);

        await Write(manifest.Uid, version!, Status(2));

        Assert.True(JsonNode.DeepEquals(Status(2), (await Read()).Status));
    }

    [Fact]
    public async Task A_status_for_another_version_or_uid_is_not_written()
    {
        await Create();
        var manifest = await Get();
        var version = await Write(manifest.Uid, manifest.ResourceVersion, Status(1));

        Assert.Null(await Write(manifest.Uid, manifest.ResourceVersion, Status(2)));
        Assert.Null(await Write("00000000-0000-0000-0000-000000000000", version!, Status(3)));

        Assert.True(JsonNode.DeepEquals(Status(1), (await Read()).Status));
    }

    [Fact]
    public async Task A_late_status_of_a_deleted_object_never_reaches_its_successor()
    {
        await Create();
        var old = await Get();
        await Delete();
        Assert.Null(await Write(old.Uid, old.ResourceVersion, Status(1)));
        await Create();
        var successor = await Get();

        Assert.Null(await Write(old.Uid, successor.ResourceVersion, Status(2)));

        Assert.NotEqual(old.Uid, successor.Uid);
        Assert.Null((await Read()).Status);
    }

    private static JsonObject Status(long revision) => new() { ["revision"] = revision, ["verdict"] = "Healthy" };

    private async Task<Manifest> Get() => Assert.IsType<Manifest>(await Resources.Get(Kind, Key, Cancellation));

    private async Task<LiveStatus> Read() => Assert.IsType<LiveStatus>(await Statuses.Read(Kind, Key, Cancellation));

    private Task<string?> Write(string uid, string version, JsonObject status) =>
        Statuses.Write(Kind, Key, uid, version, status, Cancellation);
}
