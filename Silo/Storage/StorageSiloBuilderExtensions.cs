using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Messaging;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace ClusterGrains.Storage;

internal static class StorageSiloBuilderExtensions
{
    /// <summary>
    /// Keeps grain state, reminders and the resource index in one SQLite file, open from before the first hosted
    /// service starts until after the last has stopped. State types are serialized by every registered
    /// <see cref="System.Text.Json.Serialization.JsonSerializerContext"/>.
    /// </summary>
    public static ISiloBuilder AddSqliteStorage(this ISiloBuilder silo)
    {
        var services = silo.AddStorage<SqliteGrainStorage, SqliteReminderTable>().Services;
        services.AddOptionsWithValidateOnStart<SqliteOptions, SqliteOptionsValidator>()
            .BindConfiguration(SqliteOptions.Section);
        services.AddSingleton<SqliteDatabase>();
        services.AddSingleton<IHostedService>(provider =>
        {
            var database = provider.GetRequiredService<SqliteDatabase>();
            return new StorageLifetime(
                _ =>
                {
                    database.Open();
                    return Task.CompletedTask;
                },
                database.Close);
        });
        services.AddSingleton<IResourceIndex, SqliteResourceIndex>();
        services.AddSingleton<IStateRows, SqliteStateRows>();
        return silo;
    }

    /// <summary>The same in a MongoDB database, which any number of silos may share, and the silos' membership.</summary>
    public static ISiloBuilder AddMongoStorage(this ISiloBuilder silo)
    {
        var services = silo.AddStorage<MongoGrainStorage, MongoReminderTable>().Services;
        services.AddMongoMembership();
        services.AddSingleton<IResourceIndex, MongoResourceIndex>();
        services.AddSingleton<IStateRows, MongoStateRows>();
        return silo;
    }

    /// <summary>Finds the silos that share a MongoDB database, by their gateways.</summary>
    public static IClientBuilder AddMongoGateways(this IClientBuilder client)
    {
        client.Services.AddMongoMembership();
        client.Services.AddSingleton<IGatewayListProvider, MongoGatewayList>();
        return client;
    }

    private static void AddMongoMembership(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<MongoOptions, MongoOptionsValidator>()
            .BindConfiguration(MongoOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StorageMetrics>();
        services.AddSingleton<MongoDatabase>();
        services.AddSingleton<IHostedService>(provider =>
        {
            var database = provider.GetRequiredService<MongoDatabase>();
            return new StorageLifetime(database.Open, database.Dispose);
        });
        services.AddSingleton<IMembershipTable, MongoMembershipTable>();
    }

    private static ISiloBuilder AddStorage<TStorage, TReminders>(this ISiloBuilder silo)
        where TStorage : GrainStateStorage
        where TReminders : class, IReminderTable
    {
        var services = silo.Services;
        services.AddOptionsWithValidateOnStart<StorageOptions, StorageOptionsValidator>()
            .BindConfiguration(StorageOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StorageMetrics>();
        services.AddSingleton<StateSerializer>();
        services.AddSingleton<IGrainStorageSerializer>(provider => provider.GetRequiredService<StateSerializer>());

        silo.AddReminders();
        services.AddSingleton<IReminderTable, TReminders>();
        services.AddSingleton<TStorage>();
        services.AddGrainStorage(
            ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME,
            (provider, _) => provider.GetRequiredService<TStorage>());
        return silo;
    }
}
