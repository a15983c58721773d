using ClusterGrains.Resources;
using ClusterGrains.Status;

namespace ClusterGrains.Tests.Resources;

public sealed class PretendApiPortTests : ApiPortContract
{
    private readonly PretendApi _api = new();
    private string _uid = "";

    protected override IResourceApi Resources => _api;

    protected override IStatusApi Statuses => _api;

    protected override Task Create()
    {
        _uid = Guid.NewGuid().ToString();
        _api.Apply(Key, "{}", _uid);
        return Task.CompletedTask;
    }

    protected override Task Suspend()
    {
        _api.Apply(Key, """{"suspend":true}""", _uid, generation: 2);
        return Task.CompletedTask;
    }

    protected override Task Delete()
    {
        _api.Delete(Key);
        return Task.CompletedTask;
    }
}
