using ClusterGrains.Access;
using Orleans.Dashboard;

namespace ClusterGrains.Hosting;

/// <summary>
/// The Orleans dashboard, for who has the right to get <see cref="Right"/>: it shows the grains of all namespaces. Of its routes
/// only those that show are open; one activates any grain and calls its methods, one streams the log of all silos.
/// </summary>
internal static class DashboardParts
{
    public const string Right = "/clustergrains/dashboard";

    private const string Path = "/dashboard";

    /// <summary>The first part of a route below <see cref="Path"/>. What a newer version adds is closed until it is named here.</summary>
    private static readonly HashSet<string> Open = new(StringComparer.OrdinalIgnoreCase)
    {
        "", "index.html", "index.css", "index.min.js", "favicon.ico", "fonts", "img", "version",
        "ClusterStats", "DashboardCounters", "GrainStats", "GrainTypes", "HistoricalStats", "LifecycleStages", "Reminders",
        "SiloCounters", "SiloMetadata", "SiloProperties", "SiloStats", "TopGrainMethods",
    };

    public static void AddReadOnlyDashboard(this ISiloBuilder silo) => silo.AddDashboard(dashboard => dashboard.HideTrace = true);

    public static void MapReadOnlyDashboard(this IEndpointRouteBuilder routes)
    {
        IEndpointConventionBuilder dashboard = routes.MapOrleansDashboard(Path).RequireRight(Right);
        dashboard.Add(route =>
        {
            if (!IsOpen(((RouteEndpointBuilder)route).RoutePattern.RawText!))
            {
                route.RequestDelegate = Closed;
            }
        });
    }

    private static bool IsOpen(string route) => route.Trim('/').Split('/') is var parts && Open.Contains(parts.ElementAtOrDefault(1) ?? "");

    private static Task Closed(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
