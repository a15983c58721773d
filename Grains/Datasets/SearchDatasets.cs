using System.Text.Json.Serialization;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets.Loading;
using ClusterGrains.Resources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClusterGrains.Datasets;

/// <summary>The kind <c>SearchDataset</c>, and its line of registration.</summary>
public static class SearchDatasets
{
    /// <summary>How long a run may say nothing: requests are bounded by far less, and looks go on during an update.</summary>
    private static readonly TimeSpan ReportPatience = TimeSpan.FromMinutes(5);

    /// <summary>Beyond the load's deadline, for the steps before and after it.</summary>
    private static readonly TimeSpan BesidesLoading = TimeSpan.FromHours(1);

    public static ResourceKind Kind { get; } = new("SearchDataset", "searchdatasets", "searchdataset")
    {
        Verdicts = [.. Enum.GetNames<DatasetPhase>()],
        CalmReasons = [DatasetVerdict.UpToDate, DatasetVerdict.Updating, DatasetVerdict.Suspended],
        Urgent = [DatasetCodes.NoNewVersion, nameof(DatasetPhase.Unknown), nameof(DatasetPhase.Failed), nameof(DatasetPhase.Waiting)],
    };

    /// <summary>
    /// Adds the kind. The host also registers <see cref="ISecretStore"/>, <see cref="IConfigMapStore"/>,
    /// <see cref="IVersionSource"/>, <see cref="IIndexStore"/> and <see cref="Storage.IResourceIndex"/>.
    /// </summary>
    public static IServiceCollection AddSearchDatasets(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<DatasetOptions, DatasetOptionsValidator>().BindConfiguration(DatasetOptions.Section);
        services.TryAddSingleton<UpdateAdmission>();
        services.TryAddSingleton<DatasetMetrics>();
        services.TryAddSingleton<DatasetReferences>();
        services.TryAddSingleton<LoadMetrics>();
        services.TryAddSingleton<Loader>();
        services.TryAddSingleton<UpdatePorts>();
        services.TryAddSingleton<UpdateWorkflow>();
        services.TryAddSingleton<RunUpdate>(provider => provider.GetRequiredService<UpdateWorkflow>().Run);
        return services.AddResourceKind<SearchDatasetWork>(Kind, SearchDatasetJson.Default, verdict: "phase");
    }

    /// <summary>The schedule in an accepted spec; null when this version can no longer read it.</summary>
    /// <param name="minimum">The setting <c>Checks:MinimumInterval</c>.</param>
    internal static Schedule? Schedule(string accepted, TimeSpan minimum) =>
        DatasetSpecs.Read(accepted, TimeSpan.Zero).Spec is { } spec ? Timing(spec, minimum) : null;

    /// <summary>An accepted interval may be below a minimum that was raised since; it is then stretched.</summary>
    internal static Schedule Timing(SearchDatasetSpec spec, TimeSpan minimum)
    {
        var interval = spec.Schedule.Interval < minimum ? minimum : spec.Schedule.Interval;
        return new Schedule(interval, spec.Load.Deadline + BesidesLoading, spec.Schedule.EffectiveStaleAfter, spec.Suspend)
        {
            Patience = ReportPatience,
        };
    }
}

/// <summary>One run of a dataset: ends by <see cref="ISearchDatasetGrain.Complete"/>, and throws nothing but <paramref name="lifetime"/>.</summary>
/// <param name="budget">Ends with the run's budget.</param>
/// <param name="lifetime">Ends with the activation.</param>
internal delegate Task RunUpdate(UpdateRun run, CancellationToken budget, CancellationToken lifetime);

/// <summary>How the state of a SearchDataset is stored. Old rows stay readable: see the golden rows in the tests.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ResourceState<SearchDatasetWork>))]
internal sealed partial class SearchDatasetJson : JsonSerializerContext;
