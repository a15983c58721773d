using ClusterGrains.Resources;
using ClusterGrains.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClusterGrains.Hosting;

/// <summary>Ready while the storage answers: without it nothing may have an effect.</summary>
internal sealed class StorageHealth(IResourceIndex index, IEnumerable<ResourceKind> kinds) : IHealthCheck
{
    // No resource can be called this, so that one row is looked for and none is read.
    private static readonly ResourceKey Nobody = new("_", "_");

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await index.Find(kinds.First().Name, Nobody, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (DependencyException failure)
        {
            return HealthCheckResult.Unhealthy(failure.Message);
        }
        catch (OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("it did not answer in time");
        }
    }
}
