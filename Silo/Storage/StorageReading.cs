using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClusterGrains.Storage;

/// <summary>Must have been called before the storage is read. Repeated calls do nothing.</summary>
/// <exception cref="DependencyException">It cannot be opened; one line that names it and the cure.</exception>
internal delegate Task OpenStorage(CancellationToken cancellationToken);

/// <summary>The storage for those who only look: beside running silos or without any, and without leaving a trace.</summary>
internal static class StorageReading
{
    /// <summary>Adds <see cref="IStateRows"/>, <see cref="IReminderTable"/> and <see cref="OpenStorage"/>. Nobody may write.</summary>
    public static void AddStorageReading(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<StorageOptions, StorageOptionsValidator>()
            .BindConfiguration(StorageOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StorageMetrics>();
        services.AddSingleton<StateSerializer>();
        var storage = configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new StorageOptions();
        if (storage.IsMongoDb)
        {
            services.AddMongoReading();
        }
        else
        {
            services.AddSqliteReading();
        }
    }

    private static void AddSqliteReading(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<SqliteOptions, SqliteOptionsValidator>()
            .BindConfiguration(SqliteOptions.Section)
            .Configure(options => options.ReadOnly = true);
        services.AddSingleton<SqliteDatabase>();
        services.AddSingleton<IReminderTable, SqliteReminderTable>();
        services.AddSingleton<IStateRows, SqliteStateRows>();
        services.AddSingleton<OpenStorage>(_ => _ => Task.CompletedTask);
    }

    private static void AddMongoReading(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<MongoOptions, MongoOptionsValidator>()
            .BindConfiguration(MongoOptions.Section)
            .Configure(options => options.ReadOnly = true);
        services.AddSingleton<MongoDatabase>();
        services.AddSingleton<IReminderTable, MongoReminderTable>();
        services.AddSingleton<IStateRows, MongoStateRows>();
        services.AddSingleton<OpenStorage>(provider => provider.GetRequiredService<MongoDatabase>().Open);
    }
}
