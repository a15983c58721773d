using System.Net;
using ClusterGrains.Access;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Fleet;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using ClusterGrains.Telemetry;
using ClusterGrains.Watch;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace ClusterGrains.Hosting;

/// <summary>What a silo consists of: the one list of parts.</summary>
internal static class SiloParts
{
    public static void AddSilo(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddResources().AddSearchClusters().AddSearchDatasets().AddWatchdog();
        services.AddHistory();
        services.AddHistoryAudits();
        services.AddKubernetes();
        services.AddClusters();
        services.AddDatasets();
        builder.AddTelemetry();
        services.AddAccess();
        services.AddFleet();
        builder.AddHttp();

        var orleans = builder.Configuration.GetSection(OrleansOptions.Section).Get<OrleansOptions>() ?? new OrleansOptions();
        services.AddOptionsWithValidateOnStart<OrleansOptions, OrleansOptionsValidator>()
            .BindConfiguration(OrleansOptions.Section);
        var storage = builder.Configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new StorageOptions();
        builder.UseOrleans(silo =>
        {
            if (storage.IsMongoDb)
            {
                silo.AddSharedStorage(orleans, Ports.SiloAddress(builder.Configuration, storage, orleans));
            }
            else
            {
                silo.AddOwnStorage(orleans);
            }

            silo.AddSilo();
            if (orleans.Tls.IsSet)
            {
                silo.Services.AddSingleton<SiloIdentity>();
                silo.Services.AddHostedService(services => services.GetRequiredService<SiloIdentity>());
                silo.Services.AddSingleton<SiloTls>();
                silo.Services.AddOptions<SiloConnectionOptions>().Configure<SiloTls>((connections, tls) => tls.Secure(connections));
            }

            if (HasDashboard(builder.Configuration))
            {
                silo.AddReadOnlyDashboard();
            }
        });

        // Orleans 10.4.2 warns of a stuck watchdog at every start, and of reminders under a minute, which are our purpose.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        builder.Logging.AddFilter("Orleans.Hosting.ReminderOptionsValidator", LogLevel.Error);

        // A failed start is told by Run; the host would put a stack trace before it.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        // Whoever asks /readyz gets the answer; every part has logged its trouble by itself, once and not per probe.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }

    public static void MapSilo(this WebApplication app)
    {
        app.UseHttp();
        app.MapManagement();
        app.MapFleet();
        if (HasDashboard(app.Configuration))
        {
            app.MapReadOnlyDashboard();
        }
    }

    private static bool HasDashboard(IConfiguration configuration) =>
        configuration.GetSection(DashboardOptions.Section).Get<DashboardOptions>()?.Enabled == true;

    /// <summary>One silo on its own file, which nobody else joins.</summary>
    private static void AddOwnStorage(this ISiloBuilder silo, OrleansOptions orleans)
    {
        silo.UseLocalhostClustering(SiloPort(orleans), orleans.GatewayPort, null, orleans.ServiceId, orleans.ClusterId);
        silo.AddSqliteStorage();
    }

    /// <summary>A silo among others, on a storage that all of them share.</summary>
    private static void AddSharedStorage(this ISiloBuilder silo, OrleansOptions orleans, IPAddress address)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (orleans.ClusterId, orleans.ServiceId));
        silo.ConfigureEndpoints(address, SiloPort(orleans), orleans.GatewayPort);
        if (silo.Configuration["POD_NAME"] is { Length: > 0 } name)
        {
            silo.Configure<SiloOptions>(options => options.SiloName = name);
        }

        silo.AddMongoStorage();
    }

    private static int SiloPort(OrleansOptions orleans) =>
        orleans.SiloPort > 0 ? orleans.SiloPort : Ports.Free();

    private static void AddSilo(this ISiloBuilder silo)
    {
        silo.AddActivityPropagation();
        silo.AddWatch();

        // Grains that a relay wakes in a burst would else all stay in its own silo.
        silo.Services.AddSingleton<PlacementStrategy, RandomPlacement>();

        // A crashed silo is noticed in about 3 s, a hung one in about 14 s (design.md §8).
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromSeconds(2);
            membership.MaxProbeTimeout = TimeSpan.FromSeconds(4);
            membership.NumMissedProbesLimit = 3;

            // When all have crashed at once, the first one back waits until the others' last sign of life is three of these old.
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        });
        silo.Configure<SiloMessagingOptions>(messaging => messaging.CancelRequestOnTimeout = true);
        silo.Services.AddOptions<ReminderOptions>().Configure<IOptions<CheckOptions>>(
            (reminders, checks) => reminders.MinimumReminderPeriod = checks.Value.MinimumInterval);
    }
}
