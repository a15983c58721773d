using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Providers;
using Orleans.Runtime.Hosting;

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
        var services = silo.Services;
        services.AddOptionsWithValidateOnStart<StorageOptions, StorageOptionsValidator>()
            .BindConfiguration(StorageOptions.Section);
        services.AddOptionsWithValidateOnStart<SqliteOptions, SqliteOptionsValidator>()
            .BindConfiguration(SqliteOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StorageMetrics>();
        services.AddSingleton<StateSerializer>();
        services.AddSingleton<SqliteDatabase>();
        services.AddHostedService<SqliteLifetime>();

        silo.AddReminders();
        services.AddSingleton<IReminderTable, SqliteReminderTable>();
        services.AddSingleton<IResourceIndex, SqliteResourceIndex>();
        services.AddSingleton<IStateRows, SqliteStateRows>();
        services.AddSingleton<SqliteGrainStorage>();
        services.AddGrainStorage(
            ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME,
            (provider, _) => provider.GetRequiredService<SqliteGrainStorage>());
        return silo;
    }
}
