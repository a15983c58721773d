using ClusterGrains.Status;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Resources;

public static class KubernetesServiceCollectionExtensions
{
    /// <summary>
    /// Adds the API server behind <see cref="IResourceApi"/>, <see cref="IStatusApi"/> and <see cref="IEventRecorder"/>.
    /// Settings: <c>Kubernetes</c>, see <see cref="KubernetesOptions"/>.
    /// </summary>
    public static IServiceCollection AddKubernetes(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<KubernetesOptions, KubernetesOptionsValidator>()
            .BindConfiguration(KubernetesOptions.Section)
            .PostConfigure<IConfiguration>(ReadOtherSpellings);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<KubernetesMetrics>();
        services.TryAddSingleton<KubernetesConnection>();
        services.TryAddSingleton<IResourceApi, KubernetesResourceApi>();
        services.TryAddSingleton<IStatusApi, KubernetesStatusApi>();
        services.TryAddSingleton<KubernetesEventRecorder>();
        services.TryAddSingleton<IEventRecorder>(provider => provider.GetRequiredService<KubernetesEventRecorder>());
        services.AddHostedService(provider => provider.GetRequiredService<KubernetesEventRecorder>());
        return services;
    }

    private static void ReadOtherSpellings(KubernetesOptions options, IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(options.Kubeconfig))
        {
            options.Kubeconfig = configuration["KUBECONFIG"];
            options.KubeconfigSource = "KUBECONFIG";
        }

        // A list in one variable would else bind to nothing, and nothing means all namespaces.
        var joined = configuration[$"{KubernetesOptions.Section}:{nameof(KubernetesOptions.Namespaces)}"];
        if (options.Namespaces.Count == 0 && !string.IsNullOrWhiteSpace(joined))
        {
            options.Namespaces = joined.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }
    }
}
