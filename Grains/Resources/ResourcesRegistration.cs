using System.Text.Json.Serialization;
using ClusterGrains.Status;
using ClusterGrains.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Storage;

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
        services.TryAddSingleton<History.OutboxMetrics>();
        services.TryAddSingleton<ResourceContext>();
        services.TryAddSingleton<Rota>();
        services.TryAddSingleton(new WatchdogOptions());
        services.TryAddSingleton<WatchdogMetrics>();
        services.TryAddSingleton<DamagedRows>();
        services.TryAddSingleton<WatchdogWaker>();
        services.TryAddSingleton<WatchdogContext>();
        services.TryAddSingleton<Watchdog>();
        services.TryAddSingleton<WatchdogRescue>();
        services.TryAddSingleton<WatchdogHandover>();
        services.TryAddSingleton<WatchdogAudit>();
        return services;
    }

    /// <summary>
    /// Starts the watchdog with the silo. The host also registers <see cref="IResourceIndex"/>, <see cref="IStateRows"/> and the
    /// <see cref="IGrainStorageSerializer"/> of the grains' states.
    /// </summary>
    public static IServiceCollection AddWatchdog(this IServiceCollection services) => services
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<Watchdog>())
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<WatchdogRescue>())
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<WatchdogHandover>())
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<WatchdogAudit>());

    /// <summary>Adds a kind: relay, index, fleet API and storage go by this list.</summary>
    /// <typeparam name="TWork">What its workflow remembers.</typeparam>
    /// <param name="stateJson">The source-generated metadata of its state document.</param>
    /// <param name="verdict">The member of its status that holds the verdict.</param>
    public static IServiceCollection AddResourceKind<TWork>(
        this IServiceCollection services, ResourceKind kind, JsonSerializerContext stateJson, string verdict)
        where TWork : class, new() => services
            .AddSingleton(kind)
            .AddSingleton(stateJson)
            .AddSingleton(provider => new StateFormat(
                kind,
                document => provider.GetRequiredService<IGrainStorageSerializer>()
                    .Deserialize<ResourceState<TWork>>(BinaryData.FromString(document)),
                ResourceState<TWork>.CurrentSchema,
                verdict));
}
