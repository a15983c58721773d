using ClusterGrains.Hosting;
using Orleans.Dashboard;
using Serilog.Extensions.Logging;

namespace ClusterGrains.Sandbox;

/// <summary>The silo inside the sandbox: the real one, with a dashboard and the sandbox's log.</summary>
internal static class SandboxSilo
{
    private const string Dashboard = "/dashboard";

    // They invoke grain methods and show state.
    private static readonly string[] Blocked = ["GrainState", "Trace"];

    /// <exception cref="SandboxProblem">It cannot start as it is set up.</exception>
    public static async Task<WebApplication> Start(SandboxOptions options, SandboxData data, Serilog.ILogger log)
    {
        WebApplication? silo = null;
        try
        {
            silo = SiloHost.Build([.. SandboxIntro.SiloArguments(options, data)], builder => Adapt(builder, log));
            silo.Use(Block);
            silo.MapOrleansDashboard(Dashboard);
            await SiloHost.Start(silo);
            return silo;
        }
        catch (Exception failure)
        {
            if (silo is not null)
            {
                await silo.DisposeAsync();
            }

            throw failure switch
            {
                SettingsException mistakes => new SandboxProblem(mistakes.Problems),
                DependencyException => new SandboxProblem($"{failure.Message} (more in {data.Log})"),
                _ => new InvalidOperationException($"The silo did not start; {data.Log} says more.", failure),
            };
        }
    }

    private static void Adapt(WebApplicationBuilder builder, Serilog.ILogger log)
    {
        // Not AddSerilog: that switches the level filters of the settings off.
        builder.Logging.ClearProviders().AddProvider(new SerilogLoggerProvider(log));
        builder.UseOrleans(orleans => orleans.AddDashboard(dashboard => dashboard.HideTrace = true));
    }

    private static Task Block(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route }
            && Blocked.Any(word => route.Contains(word, StringComparison.OrdinalIgnoreCase)))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return next(context);
    }
}
