using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace ClusterGrains.Hosting;

/// <summary>One silo as a process: its settings, its ports, its parts. Also run by the sandbox, inside its own process.</summary>
public static class SiloHost
{
    /// <summary>
    /// Longest wait for a graceful stop. The process is gone a moment later: Ctrl-C never takes more than 5 s.
    /// </summary>
    internal static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(4);

    /// <summary>Runs until it is told to stop. The exit code: 0 after a stop, 1 when it could not start as it is set up.</summary>
    public static async Task<int> Run(string[] args)
    {
        try
        {
            await using var app = Build(args);
            await Start(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (SettingsException mistakes)
        {
            await Console.Error.WriteLineAsync(mistakes.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            // Told to stop before everything was up.
            return 0;
        }
        catch (DependencyException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    /// <summary>Builds the silo; nothing runs and no port is open yet.</summary>
    /// <param name="args">The command line: settings as <c>--Section:Name=value</c>.</param>
    /// <param name="adapt">Called first: adds configuration, and services that win over the silo's own.</param>
    /// <exception cref="SettingsException">With everything that is wrong with the settings and the ports.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adapt = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(SiloHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        adapt?.Invoke(builder);

        var (problems, translated) = SettingsReader.Read(builder.Configuration);
        builder.Configuration.AddInMemoryCollection(translated);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.AddSilo();

        var app = builder.Build();
        problems = [.. problems, .. SettingsValidation.Problems(app.Services), .. Ports.Problems(app.Services)];
        if (problems.Count > 0)
        {
            ((IDisposable)app).Dispose();
            throw new SettingsException(problems);
        }

        Ports.Assign(app.Services);
        app.MapSilo();
        return app;
    }

    /// <summary>Starts what <see cref="Build"/> built.</summary>
    /// <exception cref="SettingsException">Somebody took a port since <see cref="Build"/> looked.</exception>
    public static async Task Start(WebApplication app)
    {
        try
        {
            await app.StartAsync();
            var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SiloHost));
            app.Lifetime.ApplicationStopping.Register(logger.Stopping);
            logger.Running(HttpAddress(app), ManagementAddress(app));
        }
        catch (Exception failure) when (IsPortTaken(failure))
        {
            throw new SettingsException([.. Ports.Problems(app.Services).DefaultIfEmpty(failure.Message)]);
        }
    }

    /// <summary>Where the fleet API answers, once started: <c>http://127.0.0.1:port</c>.</summary>
    public static Uri HttpAddress(WebApplication app) => Address(app, 0);

    /// <summary>Where probes and metrics answer, once started.</summary>
    public static Uri ManagementAddress(WebApplication app) => Address(app, 1);

    // The server lists its addresses in the order in which Ports.Assign opened them.
    private static Uri Address(WebApplication app, int index) => new(app.Services.GetRequiredService<IServer>()
        .Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ElementAt(index));

    private static bool IsPortTaken(Exception? failure) => failure switch
    {
        null => false,
        AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => true,
        AggregateException several => several.InnerExceptions.Any(IsPortTaken),
        _ => IsPortTaken(failure.InnerException),
    };
}
