using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClusterGrains.Watch;

public static class WatchSiloBuilderExtensions
{
    /// <summary>
    /// Adds the watch relay for every registered <see cref="Resources.ResourceKind"/>. The host must also add the API server
    /// (<c>AddKubernetes</c>) and a <see cref="Storage.IResourceIndex"/>. <see cref="WatchHealth"/> tells how it does.
    /// </summary>
    public static ISiloBuilder AddWatch(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.TryAddSingleton(new WatchOptions());
        silo.Services.TryAddSingleton<WatchHealth>();
        silo.Services.TryAddSingleton<WatchMetrics>();
        silo.Services.TryAddSingleton(services => GrainDelivery.To(services.GetRequiredService<IGrainFactory>()));
        silo.Services.TryAddTransient<WatchRelay>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, WatchNudger>();
        return silo;
    }
}
