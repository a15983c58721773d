using System.Text.Json.Serialization;
using ClusterGrains.Status;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Resources;

/// <summary>Registers what every kind shares, and the kinds.</summary>
public static class ResourcesRegistration
{
    /// <summary>
    /// Adds the core. The host also registers the ports <see cref="IResourceApi"/>, <see cref="IStatusApi"/>,
    /// <see cref="History.IHistoryStore"/> and <see cref="IEventRecorder"/>, and a reminder table.
    /// </summary>
    public static IServiceCollection AddResources(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CheckOptions, CheckOptionsValidator>().BindConfiguration(CheckOptions.Section);
        services.AddOptionsWithValidateOnStart<StatusOptions, StatusOptionsValidator>().BindConfiguration(StatusOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider =>
            new RunAdmission(provider.GetRequiredService<IOptions<CheckOptions>>().Value.MaxConcurrent));
        services.TryAddSingleton<StatusPace>();
        services.TryAddSingleton<ResourceMetrics>();
        services.TryAddSingleton<ResourceContext>();
        services.TryAddSingleton<Rota>();
        return services;
    }

    /// <summary>Adds a kind: relay, index, fleet API and storage go by this list.</summary>
    /// <param name="stateJson">The source-generated metadata of its state document.</param>
    public static IServiceCollection AddResourceKind(
        this IServiceCollection services, ResourceKind kind, JsonSerializerContext stateJson) =>
        services.AddSingleton(kind).AddSingleton(stateJson);
}
