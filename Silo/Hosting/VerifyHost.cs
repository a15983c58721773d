using System.Runtime.InteropServices;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using ClusterGrains.Verification;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace ClusterGrains.Hosting;

/// <summary>
/// The command <c>verify</c>: with the settings of the silos it compares storage, history, API server and search clusters, and
/// changes nothing in any of them.
/// </summary>
internal sealed class VerifyHost : IAsyncDisposable
{
    private readonly IHost _host;

    private VerifyHost(IHost host) => _host = host;

    public Verifier Verifier => _host.Services.GetRequiredService<Verifier>();

    /// <inheritdoc cref="Run(string[], TextWriter, CancellationToken)"/>
    public static async Task<int> Run(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await Run(args, Console.Out, stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Prints what it finds. The exit code: 0 nothing is wrong, 1 something is, 2 not everything could be looked at.</summary>
    public static async Task<int> Run(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        try
        {
            await using var verify = Build(args);
            var report = await verify.Verifier.Look([], cancellationToken);
            foreach (var line in report.Lines())
            {
                await output.WriteLineAsync(line);
            }

            return report.ExitCode;
        }
        catch (Exception failure) when (failure is SettingsException or DependencyException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 2;
        }
    }

    /// <summary>Opens the storage for reading; nothing runs.</summary>
    /// <param name="args">The silos' own command line: settings as <c>--Section:Name=value</c>.</param>
    /// <exception cref="SettingsException">With everything that is wrong with the settings.</exception>
    /// <exception cref="DependencyException">The storage cannot be opened.</exception>
    public static VerifyHost Build(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = args,
            ApplicationName = typeof(VerifyHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.ClearProviders();
        var (problems, translated) = SettingsReader.Read(builder.Configuration);
        builder.Configuration.AddInMemoryCollection(translated);

        var services = builder.Services;
        services.AddResources().AddSearchClusters().AddSearchDatasets();
        services.AddStorageReading(builder.Configuration);
        services.AddOptionsWithValidateOnStart<OrleansOptions, OrleansOptionsValidator>().BindConfiguration(OrleansOptions.Section);
        services.AddOptions<ClusterOptions>().Configure<IOptions<OrleansOptions>>(
            (cluster, orleans) => (cluster.ClusterId, cluster.ServiceId) = (orleans.Value.ClusterId, orleans.Value.ServiceId));
        services.AddHistoryReader();
        services.AddKubernetes();
        services.AddClusters();
        services.AddDatasets();
        services.AddVerification();

        var verify = new VerifyHost(builder.Build());
        problems = [.. problems, .. SettingsValidation.Problems(verify._host.Services)];
        if (problems.Count > 0)
        {
            verify._host.Dispose();
            throw new SettingsException(problems);
        }

        return verify;
    }

    public ValueTask DisposeAsync() => ((IAsyncDisposable)_host).DisposeAsync();
}
