using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Status;
using ClusterGrains.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Runtime.Hosting;
using Orleans.Storage;
using Orleans.TestingHost;

namespace ClusterGrains.Tests.Resources;

/// <summary>A silo, or several, in the test's process with what every kind's grain needs, all of it pretended.</summary>
internal static class TestSilo
{
    /// <param name="addKind">The kind's own line, and its ports.</param>
    public static async Task<InProcessTestCluster> Start(
        TimeProvider clock, PretendApi api, PretendHistory history, Action<IServiceCollection> addKind, short silos = 1)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ConfigureFileLogging = false;
        var reminders = new PretendReminders();
        var (storage, gate) = (default(PretendStorage), new Lock());
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddActivityPropagation();
            silo.AddReminders();
            silo.Services.AddSingleton<IReminderTable>(reminders);
            silo.Services.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(30));
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).ClearProviders());
            silo.Services.AddSingleton(clock);
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            silo.Services.AddSingleton<IResourceApi>(api).AddSingleton<IStatusApi>(api);
            silo.Services.AddSingleton<ISecretStore>(api).AddSingleton<IEventRecorder>(api);
            silo.Services.AddSingleton<IHistoryStore>(history);
            addKind(silo.Services.AddResources());
            silo.Services.AddSingleton<IGrainStorageSerializer, StateSerializer>();
            silo.Services.AddSingleton(services =>
            {
                // Silos start at the same time, and share one.
                lock (gate)
                {
                    return storage ??= ActivatorUtilities.CreateInstance<PretendStorage>(services);
                }
            });
            silo.Services.AddSingleton<IResourceIndex>(services => services.GetRequiredService<PretendStorage>());
            silo.Services.AddSingleton<IStateRows>(services => services.GetRequiredService<PretendStorage>());
            silo.Services.AddGrainStorage("Default", (services, _) => services.GetRequiredService<PretendStorage>());
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }
}
