using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClusterGrains.Datasets;

/// <summary>Registers what datasets reach the outside with.</summary>
public static class DatasetParts
{
    /// <summary>
    /// Adds <see cref="IIndexStore"/>, <see cref="IVersionSource"/> and <see cref="IConfigMapStore"/>. The host must also add
    /// <c>AddKubernetes</c> and <c>AddClusters</c>.
    /// </summary>
    public static IServiceCollection AddDatasets(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIndexStore, RestIndexStore>();
        services.TryAddSingleton<IConfigMapStore, KubernetesConfigMapStore>();
        return services.AddDatasetSource();
    }

    private static IServiceCollection AddDatasetSource(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<SourceOptions, SourceOptionsValidator>()
            .BindConfiguration(SourceOptions.Section);
        services.TryAddSingleton<S3SourceClients>();
        services.TryAddSingleton<IVersionSource, VersionSource>();
        return services;
    }
}
