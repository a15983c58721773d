using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClusterGrains.History;

/// <summary>Registers the audit of the history.</summary>
public static class HistoryAuditRegistration
{
    /// <summary>
    /// Adds what compares stored history with stored states: enough to do it by hand, without a silo. The host also
    /// registers <see cref="IHistoryReader"/> and <see cref="Storage.IStateRows"/>.
    /// </summary>
    public static IServiceCollection AddHistoryAudit(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<HistoryMarks>();
        services.TryAddSingleton<HistoryAudit>();
        return services;
    }

    /// <summary>Adds the audits that the silos do by themselves, on top of <c>AddResources</c> and the kinds.</summary>
    public static IServiceCollection AddHistoryAudits(this IServiceCollection services)
    {
        services.AddHistoryAudit();
        services.AddOptionsWithValidateOnStart<HistoryAuditOptions, HistoryAuditOptionsValidator>()
            .BindConfiguration(HistoryAuditOptions.Section);
        services.AddSingleton<JsonSerializerContext>(HistoryAuditJson.Default);
        services.TryAddSingleton<HistoryAuditMetrics>();
        services.TryAddSingleton<HistoryAuditRound>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, HistoryAuditNudger>();
        return services;
    }
}
