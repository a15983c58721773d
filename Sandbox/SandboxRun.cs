using System.Net;
using ClusterGrains.Hosting;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Sandbox.Datasets;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Sandbox.Terminal;
using Serilog.Extensions.Logging;
using Spectre.Console;

namespace ClusterGrains.Sandbox;

/// <summary>One run of the sandbox: starts its parts, shows the resources, and ends all in reverse.</summary>
internal sealed class SandboxRun : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly SandboxOptions _options;
    private readonly SandboxData _data;
    private readonly TimeProvider _time;

    private SandboxRun(SandboxOptions options, SandboxData data, TimeProvider time)
    {
        _options = options;
        _data = data;
        _time = time;
    }

    /// <summary>Runs until Ctrl-C. The exit code: 0 after that, 1 when it could not start.</summary>
    public static async Task<int> Run(SandboxOptions options)
    {
        using var stop = new StopSignal(TimeProvider.System);
        try
        {
            using var data = SandboxData.Open(options.Data);
            await using var run = new SandboxRun(options, data, TimeProvider.System);
            await run.Run(stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return 0;
        }
        catch (SandboxProblem problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task Run(CancellationToken cancellationToken)
    {
        CheckPorts();
        var log = Keep(SandboxLog.Open(_data));
        var fleet = Keep(await PretendFleet.Start(
            _data, _options.Clusters, _options.ApiPort == 0 ? 0 : PretendFleet.UsualPort, cancellationToken));
        Keep(await StartApi(log, cancellationToken));
        using var resources = new ResourceClient(_data.Kubeconfig);
        await ApplyClusters(fleet, resources, cancellationToken);
        await ApplyProducts(fleet, resources, cancellationToken);

        var silo = _options.Silo ? Keep(await SandboxSilo.Start(_options, _data, log)) : null;
        await Say(SandboxIntro.Lines(_options, _data, fleet, silo));
        try
        {
            await Screen().Show(new Board(resources.List, _time).Watch(cancellationToken), cancellationToken);
        }
        finally
        {
            await Say(["Stopping."]);
        }
    }

    private static async Task Say(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            await Console.Out.WriteLineAsync(line);
        }
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }

    private void CheckPorts()
    {
        var options = new List<(string Name, int Port)> { ("--api-port", _options.ApiPort) };
        if (_options.Silo)
        {
            options.Add(("--http-port", _options.HttpPort));
            options.Add(("--management-port", _options.ManagementPort));
        }

        string[] taken =
        [
            .. from option in options
               where option.Port > 0 && !Ports.IsFree(IPAddress.Loopback, option.Port)
               select $"{option.Name} {option.Port} is in use by another process; stop that one or choose another.",
        ];
        if (taken.Length > 0)
        {
            throw new SandboxProblem(taken);
        }
    }

    private async Task<KubernetesApi> StartApi(Serilog.ILogger log, CancellationToken cancellationToken)
    {
        try
        {
            return await KubernetesApi.Start(
                new KubernetesApiOptions
                {
                    Port = _options.ApiPort,
                    DataFolder = _data.Folder,
                    LoggerFactory = new SerilogLoggerFactory(log),
                },
                cancellationToken);
        }
        catch (IOException failure)
        {
            throw new SandboxProblem($"The Kubernetes API did not start: {failure.Message}");
        }
    }

    /// <summary>A SearchCluster for every pretend cluster that never had one. The others are the user's.</summary>
    private async Task ApplyClusters(
        PretendFleet fleet, ResourceClient resources, CancellationToken cancellationToken)
    {
        foreach (var known in _data.State.Clusters.Where(known => !known.Applied))
        {
            if (fleet.Clusters.FirstOrDefault(cluster => cluster.Name == known.Name) is { } cluster)
            {
                await resources.Create(
                    ResourceClient.SearchClusters, SearchClusterManifest.Of(cluster, _options.Interval), cancellationToken);
                var all = _data.State.Clusters.Select(one => one == known ? one with { Applied = true } : one);
                _data.Save(_data.State with { Clusters = [.. all] });
            }
        }
    }

    /// <summary>A dataset and its first version, once. After that they are the user's.</summary>
    private async Task ApplyProducts(
        PretendFleet fleet, ResourceClient resources, CancellationToken cancellationToken)
    {
        if (_data.State.ProductsApplied)
        {
            return;
        }

        await ProductsFolder.Begin(_data.Products, _time.GetUtcNow(), cancellationToken);
        await resources.Create(
            ResourceClient.SearchDatasets,
            ProductsManifest.Of(fleet.Clusters[0].Name, _data.Products, _options.Interval),
            cancellationToken);
        _data.Save(_data.State with { ProductsApplied = true });
    }

    private IScreen Screen() => Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi
        ? new PlainLines(Console.Out, _time)
        : new LiveTable(AnsiConsole.Console, _time);
}
