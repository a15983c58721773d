using ClusterGrains.Sandbox.Kubernetes;

namespace ClusterGrains.Tests.Sandbox.Kubernetes;

public sealed class SandboxContractTests : KubernetesApiContract
{
    private KubernetesApi _api = null!;

    public override async ValueTask InitializeAsync()
    {
        _api = await KubernetesApi.Start(new KubernetesApiOptions(), TestContext.Current.CancellationToken);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _api.DisposeAsync();
    }

    private protected override Task<ApiClient> Connect() => Task.FromResult(new ApiClient(_api.Kubeconfig));

    private protected override Task ForgetHistory()
    {
        _api.Faults.ForgetHistory();
        return Task.CompletedTask;
    }
}
