using System.Net;
using System.Net.Sockets;
using ClusterGrains.Sandbox;

namespace ClusterGrains.Tests.Sandbox;

[Collection("console")]
public sealed class SandboxStartTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("sandbox").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Every_port_in_use_is_named_with_its_option()
    {
        using var first = Taken();
        using var second = Taken();
        var (one, two) = (Port(first), Port(second));

        var (code, errors) = await Run(Options() with { ApiPort = one, ManagementPort = two });

        Assert.Equal(1, code);
        Assert.Equal(
            [
                $"--api-port {one} is in use by another process; stop that one or choose another.",
                $"--management-port {two} is in use by another process; stop that one or choose another.",
            ],
            errors);
    }

    private SandboxOptions Options() => new()
    {
        Clusters = 1,
        Interval = TimeSpan.FromHours(24),
        ApiPort = 0,
        HttpPort = 0,
        ManagementPort = 0,
        Data = _data,
        Silo = true,
    };

    private static TcpListener Taken()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static async Task<(int Code, string[] Errors)> Run(SandboxOptions options)
    {
        var before = Console.Error;
        var errors = new StringWriter();
        Console.SetError(errors);
        try
        {
            var code = await SandboxRun.Run(options);
            return (code, errors.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
