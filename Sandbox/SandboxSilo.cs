using ClusterGrains.Hosting;
using Serilog.Extensions.Logging;

namespace ClusterGrains.Sandbox;

/// <summary>The silo inside the sandbox: the real one, with a dashboard and the sandbox's log.</summary>
internal sealed class SandboxSilo : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SandboxSilo(WebApplication app) => _app = app;

    /// <summary>Where the fleet page and API answer.</summary>
    public Uri Http => SiloHost.HttpAddress(_app);

    /// <summary>Where probes and metrics answer.</summary>
    public Uri Management => SiloHost.ManagementAddress(_app);

    public Uri Dashboard => new(Http, "dashboard/");

    /// <exception cref="SandboxProblem">It cannot start as it is set up.</exception>
    public static async Task<SandboxSilo> Start(SandboxOptions options, SandboxData data, Serilog.ILogger log)
    {
        WebApplication? app = null;
        try
        {
            app = SiloHost.Build([.. SandboxIntro.SiloArguments(options, data)], builder => Adapt(builder, log));
            await SiloHost.Start(app);
            return new SandboxSilo(app);
        }
        catch (Exception failure)
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            throw failure switch
            {
                SettingsException mistakes => new SandboxProblem(mistakes.Problems),
                DependencyException => new SandboxProblem($"{failure.Message} (more in {data.Log})"),
                _ => new InvalidOperationException($"The silo did not start; {data.Log} says more.", failure),
            };
        }
    }

    /// <summary>Drains it as a SIGTERM does, then ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static void Adapt(WebApplicationBuilder builder, Serilog.ILogger log)
    {
        // Not AddSerilog: that switches the level filters of the settings off.
        builder.Logging.ClearProviders().AddProvider(new SerilogLoggerProvider(log));
    }
}
