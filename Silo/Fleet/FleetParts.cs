using ClusterGrains.Resources;

namespace ClusterGrains.Fleet;

/// <summary>Adds and maps the fleet API.</summary>
internal static class FleetParts
{
    public static void AddFleet(this IServiceCollection services)
    {
        services.AddSingleton<FleetApi>();
        services.AddSingleton<FleetMetrics>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, FleetCensus>();
    }

    /// <summary>Two routes for every registered kind.</summary>
    public static void MapFleet(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1").AddEndpointFilter<FleetFailures>();
        foreach (var kind in routes.ServiceProvider.GetServices<ResourceKind>())
        {
            group.MapGet(kind.Plural, (FleetApi api, [AsParameters] FleetQuery query, CancellationToken cancellationToken) =>
                api.List(kind, query, cancellationToken));
            group.MapGet(
                kind.Plural + "/{namespace}/{name}",
                (FleetApi api, string @namespace, string name, CancellationToken cancellationToken) =>
                    api.Find(kind, @namespace, name, cancellationToken));
        }
    }
}
