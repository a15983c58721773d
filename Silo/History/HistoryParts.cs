using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ClusterGrains.History;

/// <summary>Adds the history store.</summary>
internal static class HistoryParts
{
    /// <summary>Adds the <see cref="IHistoryStore"/> that <c>History:Uri</c> names, and its start probe.</summary>
    /// <remarks>Starts also when the store is away. Adds the health check <c>history</c>.</remarks>
    public static void AddHistory(this IServiceCollection services)
    {
        services.AddHistoryReader();
        services.TryAddSingleton<HistoryMetrics>();
        services.TryAddSingleton<HistoryHealth>();
        services.TryAddSingleton<HistoryAuditMetrics>();
        services.TryAddSingleton<IHistoryStore>(provider => new GuardedHistoryStore(
            Backend(provider.GetRequiredService<IOptions<HistoryOptions>>().Value, provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<HistoryMetrics>(),
            provider.GetRequiredService<HistoryHealth>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<GuardedHistoryStore>>()));
        services.AddHostedService<HistoryProbe>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, FileHistoryRetention>();
        services.AddHealthChecks().AddCheck<HistoryHealth>("history").AddCheck<HistoryAuditHealth>("history-audit");
    }

    /// <summary>Adds the <see cref="IHistoryReader"/> of the store that <c>History:Uri</c> names, without writing anything.</summary>
    public static void AddHistoryReader(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<HistoryOptions, HistoryOptionsValidator>()
            .BindConfiguration(HistoryOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IHistoryReader>(provider => new GuardedHistoryReader(
            Reader(provider.GetRequiredService<IOptions<HistoryOptions>>().Value),
            provider.GetRequiredService<TimeProvider>()));
    }

    internal static IHistoryStore Backend(HistoryOptions options, TimeProvider time) => Location(options) switch
    {
        HistoryLocation.Folder folder => new FileHistoryStore(folder.Path, time),
        HistoryLocation.S3 bucket => new S3HistoryStore(S3Client.Create(options.S3), bucket, time),
        var other => throw new UnreachableException($"{other} has no store."),
    };

    internal static IHistoryReader Reader(HistoryOptions options) => Location(options) switch
    {
        HistoryLocation.Folder folder => new FileHistoryReader(folder.Path),
        HistoryLocation.S3 bucket => new S3HistoryReader(S3Client.Create(options.S3), bucket),
        var other => throw new UnreachableException($"{other} has no reader."),
    };

    private static HistoryLocation Location(HistoryOptions options) =>
        HistoryLocation.TryParse(options.Uri, out var location, out var problem)
            ? location
            : throw new UnreachableException($"{options.Uri} passed validation but {problem}");
}
