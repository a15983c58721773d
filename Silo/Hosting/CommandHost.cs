using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace ClusterGrains.Hosting;

/// <summary>What the commands beside a silo share: its settings, and that they can be interrupted. Nothing runs and nothing is logged.</summary>
internal static class CommandHost
{
    /// <summary>Runs a command until it ends or SIGINT or SIGTERM cancels it.</summary>
    public static async Task<int> Run(Func<CancellationToken, Task<int>> command)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await command(stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <param name="args">The silos' own command line: settings as <c>--Section:Name=value</c>.</param>
    /// <param name="add">Adds what the command consists of.</param>
    /// <exception cref="SettingsException">With everything that is wrong with the settings.</exception>
    public static IHost Build(string[] args, Action<IServiceCollection, IConfiguration> add)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = args,
            ApplicationName = typeof(CommandHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.ClearProviders();
        var (problems, translated) = SettingsReader.Read(builder.Configuration);
        builder.Configuration.AddInMemoryCollection(translated);

        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<OrleansOptions, OrleansOptionsValidator>().BindConfiguration(OrleansOptions.Section);
        services.AddOptions<ClusterOptions>().Configure<IOptions<OrleansOptions>>(
            (cluster, orleans) => (cluster.ClusterId, cluster.ServiceId) = (orleans.Value.ClusterId, orleans.Value.ServiceId));
        add(services, builder.Configuration);

        var host = builder.Build();
        problems = [.. problems, .. SettingsValidation.Problems(host.Services)];
        if (problems.Count > 0)
        {
            host.Dispose();
            throw new SettingsException(problems);
        }

        return host;
    }
}
