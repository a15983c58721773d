using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ClusterGrains.Tests.Hosting;

public sealed class SiloProcessTests
{
    [Fact(Timeout = 60_000)]
    public async Task Bad_settings_end_the_process_with_code_1_and_one_line_each()
    {
        using var folder = new SiloFolder();
        await using var silo = SiloProcess.Start(
            [.. folder.Settings, "--Http:Prot=1"],
            new Dictionary<string, string> { ["Checks__MaxConcurrent"] = "many" });

        var (code, errors) = await silo.Ended(TestContext.Current.CancellationToken);

        Assert.Equal(1, code);
        Assert.Equal(
            [
                "Checks:MaxConcurrent is 'many', which is not a whole number.",
                "Http:Prot is not a setting; did you mean Http:Port?",
            ],
            errors);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_port_in_use_is_one_line_that_names_the_port_and_its_setting()
    {
        using var http = Occupied(out var httpPort);
        using var management = Occupied(out var managementPort);
        using var orleans = Occupied(out var siloPort);
        using var folder = new SiloFolder();
        await using var silo = SiloProcess.Start(
            [.. folder.Settings, $"--Http:Port={httpPort}", $"--Management:Port={managementPort}", $"--Orleans:SiloPort={siloPort}"]);

        var (code, errors) = await silo.Ended(TestContext.Current.CancellationToken);

        Assert.Equal(1, code);
        Assert.Equal(
            [
                InUse("Http:Port", httpPort),
                InUse("Management:Port", managementPort),
                InUse("Orleans:SiloPort", siloPort),
            ],
            errors);
    }

    [Fact(Timeout = 60_000)]
    public async Task SIGTERM_ends_a_running_silo_gracefully()
    {
        using var folder = new SiloFolder();
        await using var silo = SiloProcess.Start([.. folder.Settings]);
        await silo.Line("Running.", TestContext.Current.CancellationToken);

        await silo.Terminate(TestContext.Current.CancellationToken);

        var (code, errors) = await silo.Ended(TestContext.Current.CancellationToken);
        Assert.Equal(0, code);
        Assert.Empty(errors);
    }

    private static string InUse(string setting, int port) => string.Create(
        CultureInfo.InvariantCulture,
        $"{setting} {port} is in use by another process; stop that one or choose another with --{setting}=<port>.");

    private static TcpListener Occupied(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }
}
