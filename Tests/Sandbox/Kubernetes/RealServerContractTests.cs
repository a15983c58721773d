namespace ClusterGrains.Tests.Sandbox.Kubernetes;

/// <summary>The same contract on the server of <c>CLUSTERGRAINS_TEST_KUBECONFIG</c>. Leaves the CRD behind, nothing else.</summary>
public sealed class RealServerContractTests : KubernetesApiContract
{
    private const string Variable = "CLUSTERGRAINS_TEST_KUBECONFIG";

    private protected override async Task<ApiClient> Connect()
    {
        var path = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(path), $"{Variable} names no kubeconfig: the contract was not run on a real API server.");
        return new ApiClient(await File.ReadAllTextAsync(path!, TestContext.Current.CancellationToken));
    }

    private protected override Task ForgetHistory()
    {
        // A server compacts every five minutes. A watch from version 1 is before its cache anyway; tokens live longer.
        Assert.SkipWhen(
            TestContext.Current.TestMethod?.MethodName.Contains("continue", StringComparison.OrdinalIgnoreCase) is true,
            "A real API server cannot be asked to forget; this part of the contract was not run on it.");
        return Task.CompletedTask;
    }
}
