using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using ClusterGrains.Verification;

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
    public static Task<int> Run(string[] args) => CommandHost.Run(stop => Run(args, Console.Out, stop));

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
    public static VerifyHost Build(string[] args) => new(CommandHost.Build(args, (services, configuration) =>
    {
        services.AddResources().AddSearchClusters().AddSearchDatasets();
        services.AddStorageReading(configuration);
        services.AddHistoryReader();
        services.AddKubernetes();
        services.AddClusters();
        services.AddDatasets();
        services.AddVerification();
    }));

    public ValueTask DisposeAsync() => ((IAsyncDisposable)_host).DisposeAsync();
}
