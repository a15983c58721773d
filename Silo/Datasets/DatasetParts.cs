using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClusterGrains.Datasets;

/// <summary>Registers what datasets reach the outside with.</summary>
public static class DatasetParts
{
    /// <summary>Adds <see cref="IIndexStore"/>. The host must also add <c>AddClusters</c>.</summary>
    public static IServiceCollection AddDatasets(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIndexStore, RestIndexStore>();
        return services;
    }
}
