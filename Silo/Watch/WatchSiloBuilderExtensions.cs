using ClusterGrains.Resources;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClusterGrains.Watch;

public static class WatchSiloBuilderExtensions
{
    /// <summary>
    /// Adds the watch relay and the sweep for every registered <see cref="ResourceKind"/>. The host must also add the core
    /// (<c>AddResources</c>), the API server (<c>AddKubernetes</c>) and a <see cref="Storage.IResourceIndex"/>. Settings:
    /// <c>Watch</c>, see <see cref="SweepOptions"/>.
    /// </summary>
    public static ISiloBuilder AddWatch(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.TryAddSingleton(new WatchOptions());
        silo.Services.AddOptionsWithValidateOnStart<SweepOptions, SweepOptionsValidator>()
            .BindConfiguration(SweepOptions.Section);
        silo.Services.TryAddSingleton<WatchTargets>();
        silo.Services.TryAddSingleton<ListPages>();
        silo.Services.TryAddSingleton<WatchHealth>();
        silo.Services.TryAddSingleton<WatchMetrics>();
        silo.Services.TryAddSingleton(services => GrainDelivery.To(services.GetRequiredService<IGrainFactory>()));
        silo.Services.TryAddTransient<WatchRelay>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, WatchNudger>();
        silo.Services.TryAddSingleton<SweepHealth>();
        silo.Services.TryAddSingleton<SweepMetrics>();
        silo.Services.TryAddSingleton<SweepJournal>();
        silo.Services.TryAddSingleton<SweepPass>();
        silo.Services.TryAddSingleton<Sweep>();
        silo.Services.TryAddSingleton<Rota>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, Sweeper>();
        return silo;
    }
}
