using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using ClusterGrains.Resources;

namespace ClusterGrains.Sandbox;

/// <summary>The command line: what it may say, and what is wrong with what it says.</summary>
internal sealed class SandboxCommand
{
    private const int MostClusters = 100;
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(24);

    private readonly Option<int> _clusters = Number("--clusters", 3, 1, MostClusters, "Pretend search clusters.");
    private readonly Option<string> _interval = Interval();
    private readonly Option<int> _apiPort = Port("--api-port", 8001, "The Kubernetes API.");
    private readonly Option<int> _httpPort = Port("--http-port", 8080, "The fleet API and the dashboard.");
    private readonly Option<int> _managementPort = Port("--management-port", 8081, "Probes and metrics.");

    private readonly Option<string> _data = new("--data")
    {
        Description = "The folder that holds everything; delete it to start afresh.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "sandbox-data",
    };

    private readonly Option<bool> _noSilo = new("--no-silo")
    {
        Description = "Leave the silo out; prints the command that starts one against this sandbox.",
    };

    private readonly RootCommand _root;

    private SandboxCommand()
    {
        _root = new RootCommand(
            "A world to try ClusterGrains in: a Kubernetes API, pretend search clusters and a silo, all on loopback.")
        {
            _clusters, _interval, _apiPort, _httpPort, _managementPort, _data, _noSilo,
        };
    }

    /// <summary>Runs what the command line asks for. The exit code; 1 when something is wrong with it.</summary>
    public static async Task<int> Run(string[] args, Func<SandboxOptions, Task<int>> run)
    {
        var command = new SandboxCommand();
        command._root.SetAction((parsed, _) => run(command.Read(parsed)));
        var parsed = command._root.Parse(args);
        var mistakes = parsed.Errors.Select(error => error.Message);
        string[] errors = [.. mistakes.Concat(command.SharedPorts(parsed)).Distinct()];
        var isHelp = parsed.Action is SynchronousCommandLineAction and not ParseErrorAction;
        if (errors.Length == 0 || isHelp)
        {
            // Signals are the sandbox's own business: the library would end the process while the silo still drains.
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        }

        foreach (var error in errors)
        {
            await Console.Error.WriteLineAsync(error);
        }

        await Console.Error.WriteLineAsync("--help shows all options.");
        return 1;
    }

    private SandboxOptions Read(ParseResult parsed) => new()
    {
        Clusters = parsed.GetValue(_clusters),
        Interval = Durations.Parse(parsed.GetValue(_interval)!),
        ApiPort = parsed.GetValue(_apiPort),
        HttpPort = parsed.GetValue(_httpPort),
        ManagementPort = parsed.GetValue(_managementPort),
        Data = Path.GetFullPath(parsed.GetValue(_data)!),
        Silo = !parsed.GetValue(_noSilo),
    };

    private static Option<int> Port(string name, int usual, string what) =>
        Number(name, usual, 0, 65_535, $"{what} 0 takes a free port.");

    private static Option<int> Number(string name, int usual, int least, int most, string what) => new(name)
    {
        Description = $"{what} {least} to {most}.",
        HelpName = "N",
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                || value < least || value > most)
            {
                result.AddError($"{name} '{text}' is not a whole number from {least} to {most}.");
            }

            return value;
        },
    };

    private static Option<string> Interval()
    {
        var option = new Option<string>("--interval")
        {
            Description = "Time between two checks of a cluster, 1s to 24h, for clusters that this run creates.",
            HelpName = "TIME",
            DefaultValueFactory = _ => "15s",
        };
        option.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>();
            if (!Durations.TryParse(text, out var value) || !IsInterval(value))
            {
                result.AddError(
                    $"--interval '{text}' is not a time from 1s to 24h in whole seconds, such as 15s or 1m30s.");
            }
        });
        return option;
    }

    private static bool IsInterval(TimeSpan value) =>
        value >= TimeSpan.FromSeconds(1) && value <= LongestInterval && value.Milliseconds == 0;

    // Not a validator of the library: one that finds something keeps the options' own mistakes from being found.
    private IEnumerable<string> SharedPorts(ParseResult parsed) =>
        from option in (Option<int>[])[_apiPort, _httpPort, _managementPort]
        let port = Given(parsed.RootCommandResult, option)
        where port > 0
        group option.Name by port into same
        where same.Count() > 1
        select $"{string.Join(" and ", same)} are both {same.Key}; give each a port of its own.";

    /// <summary>What is given or usual; null for what is no number, which is another mistake.</summary>
    private static int? Given(CommandResult result, Option<int> option) =>
        result.GetResult(option) is not { Tokens: [var token] } ? result.GetValue(option)
        : int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port
        : null;
}
