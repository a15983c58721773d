using System.Globalization;
using ClusterGrains.Storage;
using ClusterGrains.Transfer;

namespace ClusterGrains.Hosting;

/// <summary>
/// The commands <c>export</c> and <c>import</c>: with the settings of the silos, and while none runs, they write all that the storage
/// holds into a file, and fill an empty storage from it.
/// </summary>
internal static class TransferHost
{
    public const string Export = "export";
    public const string Import = "import";

    /// <inheritdoc cref="Run(string[], TextWriter, TextWriter, CancellationToken)"/>
    public static Task<int> Run(string[] args) => CommandHost.Run(stop => Run(args, Console.Out, Console.Error, stop));

    /// <summary>Says what was moved, or why nothing was. The exit code: 0 it was moved, 1 it was not.</summary>
    /// <param name="args">The verb, the file, and the silos' own command line: settings as <c>--Section:Name=value</c>.</param>
    public static async Task<int> Run(string[] args, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (args is not [Export or Import, [not '-', ..] file, .. var settings])
        {
            await errors.WriteLineAsync($"Name one file: {args[0]} <file> [--Section:Name=value …].");
            return 1;
        }

        try
        {
            await output.WriteLineAsync(await (args[0] == Export
                ? RunExport(file, settings, cancellationToken)
                : RunImport(file, settings, cancellationToken)));
            return 0;
        }
        catch (Exception failure) when (failure is SettingsException or TransferException or DependencyException
            or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            await errors.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    /// <summary>Builds what fills a storage; nothing is opened yet.</summary>
    /// <param name="adapt">Called last: services that win over the command's own.</param>
    /// <exception cref="SettingsException">With everything that is wrong with the settings.</exception>
    public static IHost BuildImport(string[] settings, Action<IServiceCollection>? adapt = null) =>
        CommandHost.Build(settings, (services, configuration) =>
        {
            services.AddMoveTarget(configuration);
            services.AddImport();
            adapt?.Invoke(services);
        });

    private static async Task<string> RunExport(string file, string[] settings, CancellationToken cancellationToken)
    {
        using var host = CommandHost.Build(settings, (services, configuration) =>
        {
            services.AddMoveSource(configuration);
            services.AddExport();
        });
        var end = await host.Services.GetRequiredService<Exporter>().Export(file, cancellationToken);
        var size = new FileInfo(file).Length / 1024.0;
        return $"{Counted(end)} of {host.Services.GetRequiredService<IMoveSource>().Place} are in {file}, {Number(size)} KiB.";
    }

    private static async Task<string> RunImport(string file, string[] settings, CancellationToken cancellationToken)
    {
        using var host = BuildImport(settings);
        var end = await host.Services.GetRequiredService<Importer>().Import(file, cancellationToken);
        return $"{Counted(end)} of {file} are in {host.Services.GetRequiredService<IMoveTarget>().Place}. They were read again and are the same.";
    }

    private static string Counted(TransferEnd end) => $"{Number(end.States)} states and {Number(end.Reminders)} reminders";

    private static string Number(double number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
