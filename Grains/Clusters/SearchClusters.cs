using System.Text.Json.Serialization;
using ClusterGrains.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClusterGrains.Clusters;

/// <summary>The kind <c>SearchCluster</c>, and its line of registration.</summary>
public static class SearchClusters
{
    public static ResourceKind Kind { get; } = new("SearchCluster", "searchclusters", "searchcluster")
    {
        Verdicts = [.. Enum.GetNames<Verdict>()],
        CalmReasons = [SearchClusterVerdict.AllChecksPassed, SearchClusterVerdict.Suspended],
        Urgent = [nameof(Verdict.Critical), nameof(Verdict.Unknown)],
    };

    /// <summary>
    /// Adds the kind. The host also registers <see cref="ISecretStore"/> and <see cref="IClusterProbe"/>.
    /// </summary>
    public static IServiceCollection AddSearchClusters(this IServiceCollection services)
    {
        services.TryAddSingleton<CheckWorkflow>();
        return services.AddResourceKind<SearchClusterWork>(Kind, SearchClusterJson.Default, verdict: "verdict");
    }

    /// <summary>The schedule in an accepted spec; null when this version can no longer read it.</summary>
    /// <param name="minimum">The setting <c>Checks:MinimumInterval</c>.</param>
    internal static Schedule? Schedule(string accepted, TimeSpan minimum) =>
        ClusterSpecs.Read(accepted, TimeSpan.Zero).Spec is { } spec ? Timing(spec, minimum) : null;

    /// <summary>An accepted interval may be below a minimum that was raised since; it is then stretched.</summary>
    internal static Schedule Timing(SearchClusterSpec spec, TimeSpan minimum)
    {
        var interval = spec.Schedule.Interval < minimum ? minimum : spec.Schedule.Interval;
        return new Schedule(interval, spec.Schedule.EffectiveTimeout, spec.Schedule.EffectiveStaleAfter, spec.Suspend);
    }
}

/// <summary>How the state of a SearchCluster is stored. Old rows stay readable: see the golden rows in the tests.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ResourceState<SearchClusterWork>))]
internal sealed partial class SearchClusterJson : JsonSerializerContext;
