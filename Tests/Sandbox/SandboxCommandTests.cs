using ClusterGrains.Sandbox;

namespace ClusterGrains.Tests.Sandbox;

/// <summary>Reads the console, so nothing else that writes to it runs beside.</summary>
[Collection("console")]
public sealed class SandboxCommandTests
{
    [Fact]
    public async Task Without_options_everything_has_its_usual_value()
    {
        var (code, options, _) = await Run();

        Assert.Equal(0, code);
        Assert.Equal(
            new SandboxOptions
            {
                Clusters = 3,
                Interval = TimeSpan.FromSeconds(15),
                ApiPort = 8001,
                HttpPort = 8080,
                ManagementPort = 8081,
                Data = Path.GetFullPath("sandbox-data"),
                Silo = true,
            },
            options);
    }

    [Fact]
    public async Task Every_option_is_read()
    {
        var (_, options, _) = await Run(
            "--clusters", "5", "--interval=1m30s", "--api-port", "0", "--http-port", "0", "--management-port", "9",
            "--data", "x", "--no-silo");

        Assert.Equal(
            new SandboxOptions
            {
                Clusters = 5,
                Interval = TimeSpan.FromSeconds(90),
                ApiPort = 0,
                HttpPort = 0,
                ManagementPort = 9,
                Data = Path.GetFullPath("x"),
                Silo = false,
            },
            options);
    }

    [Fact]
    public async Task All_mistakes_come_at_once_one_line_each()
    {
        var (code, options, errors) = await Run(
            "--clusters", "0", "--interval", "500ms", "--api-port", "70000", "--http-port", "9",
            "--management-port", "9", "--what");

        Assert.Equal(1, code);
        Assert.Null(options);
        Assert.Equal(
            [
                "--clusters '0' is not a whole number from 1 to 100.",
                "--interval '500ms' is not a time from 1s to 24h in whole seconds, such as 15s or 1m30s.",
                "--api-port '70000' is not a whole number from 0 to 65535.",
                "--http-port and --management-port are both 9; give each a port of its own.",
                "Unrecognized command or argument '--what'.",
                "--help shows all options.",
            ],
            errors.Order(StringComparer.Ordinal).OrderBy(line => Array.FindIndex(
                ["--clusters", "--interval", "--api-port", "--http-port", "Unrecognized", "--help"],
                start => line.StartsWith(start, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Free_ports_are_never_the_same_port()
    {
        var (code, _, _) = await Run("--api-port", "0", "--http-port", "0", "--management-port", "0");

        Assert.Equal(0, code);
    }

    private static async Task<(int Code, SandboxOptions? Options, string[] Errors)> Run(params string[] args)
    {
        var before = Console.Error;
        var errors = new StringWriter();
        Console.SetError(errors);
        try
        {
            SandboxOptions? read = null;
            var code = await SandboxCommand.Run(args, options =>
            {
                read = options;
                return Task.FromResult(0);
            });
            return (code, read, errors.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
