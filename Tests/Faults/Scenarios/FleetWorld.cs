using System.Globalization;
using ClusterGrains.Hosting;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Tests.History;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>
/// A Kubernetes API, search clusters, a store and a history around silos that are processes of their own, each of which can
/// fail by itself. The sentences of <see cref="Vocabulary"/> happen here.
/// </summary>
internal sealed class FleetWorld : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<PretendCluster> _clusters = [];
    private readonly FleetOptions _options;

    private FleetWorld(FleetOptions options) => _options = options;

    public FleetSilos Silos { get; private set; } = null!;

    public FleetApi Api { get; private set; } = null!;

    public FleetStore Store { get; private set; } = null!;

    public FleetHistory History { get; private set; } = null!;

    public FleetResources Resources { get; private set; } = null!;

    public FleetData Data { get; private set; } = null!;

    public Settling Settling { get; private set; } = null!;

    public FleetJudge Judge { get; private set; } = null!;

    /// <summary>The command line of a silo of this world.</summary>
    public IEnumerable<string> SiloSettings =>
    [
        $"--Kubernetes:Kubeconfig={Api.Kubeconfig}",
        .. Store.Settings,
        $"--History:Uri={History.Options.Uri}",
        $"--History:S3:ServiceUrl={History.Options.S3.ServiceUrl}",
        $"--History:S3:AccessKey={History.Options.S3.AccessKey}",
        $"--History:S3:SecretKey={History.Options.S3.SecretKey}",
        $"--Datasets:FileRoots:0={Sources}",
        "--Checks:MinimumInterval=1s",
        $"--Status:Refresh={Durations.Format(_options.StatusRefresh)}",
        $"--Watch:SweepInterval={Durations.Format(_options.SweepInterval)}",
        "--Endpoints:AllowLoopback=true",
        .. _options.Settings,
    ];

    private string Sources => Path.Combine(_folder.Path, "sources");

    public static async Task<FleetWorld> Start(FleetOptions options, CancellationToken cancellationToken)
    {
        var world = new FleetWorld(options);
        try
        {
            await world.Build(cancellationToken);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public string Seed(int seed)
    {
        Resources.Seed(seed);
        return "";
    }

    public static async Task<string> Wait(TimeSpan time, CancellationToken cancellationToken)
    {
        await Task.Delay(time, TimeProvider.System, cancellationToken);
        return "";
    }

    /// <summary>What one silo kept in its file goes into a MongoDB, for it and for others. None may run meanwhile.</summary>
    public async Task<string> MoveStore(CancellationToken cancellationToken)
    {
        if (Store is not FileStore || Silos.All.Any(silo => !silo.Ended.IsCompleted))
        {
            throw new InvalidOperationException("only the file of a silo that was stopped is moved; write before: stop silo 1.");
        }

        var file = Path.Combine(_folder.Path, "moved.ndjson.gz");
        var (export, exported) = await Transfer(TransferHost.Export, file, cancellationToken);
        await Judge.DisposeAsync();
        await Store.DisposeAsync();
        Store = await MongoStore.Launch(cancellationToken);
        Judge = new FleetJudge(this);
        var (import, imported) = await Transfer(TransferHost.Import, file, cancellationToken);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{exported} Export {export.TotalSeconds:0.00} s, import {import.TotalSeconds:0.00} s. {imported}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in (IAsyncDisposable?[])[Judge, Silos, Data, Api, Store, History, .. _clusters])
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        _folder.Dispose();
    }

    private async Task<(TimeSpan Time, string Said)> Transfer(string verb, string file, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "" };
        return await TransferHost.Run([verb, file, .. SiloSettings], output, output, cancellationToken) == 0
            ? (TimeProvider.System.GetElapsedTime(started), output.ToString())
            : throw new InvalidOperationException($"{verb} refused: {output}");
    }

    private async Task Build(CancellationToken cancellationToken)
    {
        Api = await FleetApi.Start(Path.Combine(_folder.Path, "api"), _options.Users, cancellationToken);
        History = _options.Gateway is { } gateway
            ? new GatewayHistory(gateway, gateway.NewStore())
            : new FolderHistory(Path.Combine(_folder.Path, "records"), _options.DiskMebibytes);
        Store = _options.Several
            ? await MongoStore.Launch(cancellationToken)
            : new FileStore(Path.Combine(_folder.Path, "store"), _options.DiskMebibytes);
        foreach (var engine in PretendEngine.All)
        {
            _clusters.Add(await PretendCluster.Start(
                string.Create(CultureInfo.InvariantCulture, $"search-{_clusters.Count + 1}"), engine, cancellationToken));
        }

        Directory.CreateDirectory(Sources);
        Data = new FleetData(Sources, Api, _clusters[0], _options.Documents);
        Resources = new FleetResources(Api, Data, _clusters);
        Settling = new Settling(this, _options.Patience, _options.Tell);
        Judge = new FleetJudge(this);
        Silos = new FleetSilos(() => SiloSettings, () => Store, _options.Tell);
        Api.Create(Data.ClusterManifest);
    }
}
