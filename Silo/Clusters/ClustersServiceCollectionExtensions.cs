using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Clusters;

/// <summary>Registers how search clusters are asked.</summary>
public static class ClustersServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IClusterProbe"/>. The host must also add the API server, <c>AddKubernetes</c>.</summary>
    public static IServiceCollection AddClusters(this IServiceCollection services)
    {
        services.AddOptions<SecretOptions>().BindConfiguration(SecretOptions.Section);
        services.AddOptions<EndpointOptions>().BindConfiguration(EndpointOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ClustersMetrics>();
        services.TryAddSingleton<ProbeInstruments>();
        services.TryAddSingleton<NameResolver>((host, cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken));
        services.TryAddSingleton(provider => new EndpointConnector(
            provider.GetRequiredService<NameResolver>(),
            provider.GetRequiredService<IOptions<EndpointOptions>>().Value.AllowLoopback));
        services.TryAddSingleton<ClusterConnections>();
        services.TryAddSingleton<ISecretStore, KubernetesSecretStore>();
        services.TryAddSingleton<IClusterProbe, ClusterProbe>();
        return services;
    }
}
