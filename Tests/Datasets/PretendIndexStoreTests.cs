using ClusterGrains.Datasets;
using ClusterGrains.Sandbox.Clusters;

namespace ClusterGrains.Tests.Datasets;

/// <summary>The contract on the sandbox's clusters.</summary>
public abstract class PretendIndexStoreContract : IndexStoreContract
{
    private PretendCluster? _cluster;

    private protected abstract PretendEngine Engine { get; }

    private protected override async Task<IIndexSession> Connect()
    {
        _cluster = await PretendCluster.Start("logs", Engine, Cancellation);
        return await World.Indices.Connect("prod", Clusters.ProbeWorld.Spec(_cluster.Url.ToString()), Cancellation);
    }

    private protected override ValueTask Stop(IReadOnlyList<string> left) => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>The oldest that has no <c>must_exist</c>.</summary>
public sealed class OpenSearch1IndexStoreTests : PretendIndexStoreContract
{
    private protected override PretendEngine Engine => PretendEngine.OpenSearch1;
}

/// <summary>The last that has no <c>must_exist</c>.</summary>
public sealed class OpenSearch2Before12IndexStoreTests : PretendIndexStoreContract
{
    private protected override PretendEngine Engine => PretendEngine.OpenSearch2Before12;
}

public sealed class OpenSearch2IndexStoreTests : PretendIndexStoreContract
{
    private protected override PretendEngine Engine => PretendEngine.OpenSearch2;
}

public sealed class OpenSearch3IndexStoreTests : PretendIndexStoreContract
{
    private protected override PretendEngine Engine => PretendEngine.OpenSearch3;
}

public sealed class Elasticsearch7IndexStoreTests : PretendIndexStoreContract
{
    private protected override PretendEngine Engine => PretendEngine.Elasticsearch7;
}

public sealed class Elasticsearch8IndexStoreTests : PretendIndexStoreContract
{
    private protected override PretendEngine Engine => PretendEngine.Elasticsearch8;
}

public sealed class Elasticsearch9IndexStoreTests : PretendIndexStoreContract
{
    private protected override PretendEngine Engine => PretendEngine.Elasticsearch9;
}
