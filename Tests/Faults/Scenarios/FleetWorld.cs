using System.Globalization;
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

    private async Task Build(CancellationToken cancellationToken)
    {
        Api = await FleetApi.Start(Path.Combine(_folder.Path, "api"), cancellationToken);
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
        Silos = new FleetSilos(() => SiloSettings, Store, _options.Tell);
        Api.Create(Data.ClusterManifest);
    }
}
