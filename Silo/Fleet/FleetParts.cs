using ClusterGrains.Access;
using ClusterGrains.Resources;

namespace ClusterGrains.Fleet;

/// <summary>Adds and maps the fleet API and its page.</summary>
internal static class FleetParts
{
    public static void AddFleet(this IServiceCollection services)
    {
        services.AddSingleton<FleetApi>();
        services.AddSingleton<FleetPages>();
        services.AddSingleton<FleetHistory>();
        services.AddSingleton<FleetHistoryPages>();
        services.AddSingleton<FleetSummary>();
        services.AddSingleton<FleetCounter>();
        services.AddSingleton<FleetMetrics>();
        services.AddSingleton<FleetDocument>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, FleetCensus>();
        services.AddProblemDetails().AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.Configure<ProblemDetailsOptions>(problems => problems.CustomizeProblemDetails = FleetProblem.Explain);
    }

    /// <summary>Three routes for every registered kind, two for all of them, and the page that shows what they answer.</summary>
    public static void MapFleet(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1").AddEndpointFilter<FleetFailures>();
        foreach (var kind in routes.ServiceProvider.GetServices<ResourceKind>())
        {
            group.MapGet(kind.Plural, (FleetApi api, HttpContext http, CancellationToken cancellationToken) =>
                api.List(kind, http, cancellationToken));
            group.MapGet(
                kind.Plural + "/{namespace}/{name}",
                (FleetApi api, string @namespace, string name, HttpContext http, CancellationToken cancellationToken) =>
                    api.Find(kind, new ResourceKey(@namespace, name), http, cancellationToken));
            group.MapGet(
                kind.Plural + "/{namespace}/{name}/history",
                (FleetHistory history, string @namespace, string name, HttpContext http, CancellationToken cancellationToken) =>
                    history.List(kind, new ResourceKey(@namespace, name), http, cancellationToken));
        }

        group.MapGet("summary", (FleetSummary summary, HttpContext http, CancellationToken cancellationToken) =>
            summary.Show(http, cancellationToken));
        group.MapGet("openapi.json", (FleetDocument document) => document.Show()).RequireRight("/clustergrains/openapi");
        foreach (var file in PageFile.All)
        {
            routes.MapGet(file.Route, file.Show).WithMetadata(file);
        }
    }
}
