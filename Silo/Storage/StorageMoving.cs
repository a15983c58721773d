using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClusterGrains.Storage;

/// <summary>The storage for those who move it as a whole, while no silo works on it.</summary>
internal static class StorageMoving
{
    /// <summary>Adds <see cref="IMoveSource"/>, <see cref="IStateRows"/> and <see cref="IReminderTable"/>. Nobody may write.</summary>
    public static void AddMoveSource(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStorageReading(configuration);
        if (Options(configuration).IsMongoDb)
        {
            services.AddSingleton<MongoSilence>();
            services.AddSingleton<IMoveSource, MongoMoveSource>();
        }
        else
        {
            services.AddSingleton<IMoveSource, SqliteMoveSource>();
        }
    }

    /// <summary>Adds <see cref="IMoveTarget"/>, <see cref="IStateRows"/> and <see cref="IReminderTable"/>.</summary>
    public static void AddMoveTarget(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<StorageOptions, StorageOptionsValidator>()
            .BindConfiguration(StorageOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StorageMetrics>();
        if (Options(configuration).IsMongoDb)
        {
            services.AddMongoTarget();
        }
        else
        {
            services.AddSqliteTarget();
        }
    }

    private static void AddSqliteTarget(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<SqliteOptions, SqliteOptionsValidator>()
            .BindConfiguration(SqliteOptions.Section)
            .Configure(options => options.Filling = true);
        services.AddSingleton<SqliteDatabase>();
        services.AddSingleton<IReminderTable, SqliteReminderTable>();
        services.AddSingleton<IStateRows, SqliteStateRows>();
        services.AddSingleton<IMoveTarget, SqliteMoveTarget>();
    }

    private static void AddMongoTarget(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<MongoOptions, MongoOptionsValidator>()
            .BindConfiguration(MongoOptions.Section)
            .Configure(options => options.Filling = true);
        services.AddSingleton<MongoDatabase>();
        services.AddSingleton<MongoSilence>();
        services.AddSingleton<IReminderTable, MongoReminderTable>();
        services.AddSingleton<IStateRows, MongoStateRows>();
        services.AddSingleton<IMoveTarget, MongoMoveTarget>();
    }

    private static StorageOptions Options(IConfiguration configuration) =>
        configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new StorageOptions();
}
