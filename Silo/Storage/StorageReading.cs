using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClusterGrains.Storage;

/// <summary>The storage for those who only look: beside running silos or without any, and without leaving a trace.</summary>
internal static class StorageReading
{
    /// <summary>Adds <see cref="IStateRows"/> and <see cref="IReminderTable"/>; whoever asks them to write is refused.</summary>
    public static void AddStorageReading(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<StorageOptions, StorageOptionsValidator>()
            .BindConfiguration(StorageOptions.Section);
        services.AddOptionsWithValidateOnStart<SqliteOptions, SqliteOptionsValidator>()
            .BindConfiguration(SqliteOptions.Section)
            .Configure(options => options.ReadOnly = true);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StorageMetrics>();
        services.AddSingleton<StateSerializer>();
        services.AddSingleton<SqliteDatabase>();
        services.AddSingleton<IReminderTable, SqliteReminderTable>();
        services.AddSingleton<IStateRows, SqliteStateRows>();
    }
}
