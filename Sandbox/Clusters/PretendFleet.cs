namespace ClusterGrains.Sandbox.Clusters;

/// <summary>The pretend clusters of a sandbox and their control, at the same ports in every run.</summary>
internal sealed class PretendFleet : IAsyncDisposable
{
    /// <summary>Of the control; the clusters follow.</summary>
    public const int UsualPort = 9200;

    /// <summary>Long enough for people to see a load go on.</summary>
    private static readonly TimeSpan BulkTime = TimeSpan.FromMilliseconds(200);

    // Names of things that people keep in search clusters; more clusters are numbered.
    private static readonly string[] Names = ["orders", "logs", "products", "metrics", "archive", "legacy"];

    private readonly List<PretendCluster> _clusters;

    private PretendFleet(List<PretendCluster> clusters, ClusterControl control)
    {
        _clusters = clusters;
        Control = control;
    }

    public ClusterControl Control { get; }

    public IReadOnlyList<PretendCluster> Clusters => _clusters;

    /// <summary>Starts clusters and remembers their ports.</summary>
    /// <param name="firstPort">Wanted in the first run: for the control, and the next ones for the clusters; 0 for any.</param>
    /// <exception cref="SandboxProblem">Somebody else has the port of a cluster that has one already.</exception>
    public static async Task<PretendFleet> Start(
        SandboxData data, int count, int firstPort, CancellationToken cancellationToken)
    {
        var clusters = new List<PretendCluster>();
        try
        {
            var problems = new List<string>();
            for (var index = 0; index < count; index++)
            {
                try
                {
                    clusters.Add(await StartCluster(data, index, firstPort, cancellationToken));
                }
                catch (SandboxProblem taken)
                {
                    problems.Add(taken.Message);
                }
            }

            if (problems.Count > 0)
            {
                throw new SandboxProblem(problems);
            }

            return new PretendFleet(clusters, await StartControl(data, clusters, firstPort, cancellationToken));
        }
        catch
        {
            await End(clusters);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Control.DisposeAsync();
        await End(_clusters);
    }

    private static async Task<PretendCluster> StartCluster(
        SandboxData data, int index, int firstPort, CancellationToken cancellationToken)
    {
        if (data.State.Clusters.ElementAtOrDefault(index) is { } known)
        {
            return await Restart(data, known, cancellationToken);
        }

        var name = index < Names.Length ? Names[index] : $"cluster-{index + 1}";
        var engine = PretendEngine.All[index % PretendEngine.All.Count];
        var cluster = await OnPortNear(
            firstPort == 0 ? 0 : firstPort + 1 + index,
            port => PretendCluster.Start(Options(data, name, engine, port), cancellationToken));
        var entry = new KnownCluster(name, engine.Name, cluster.Url.Port, Applied: false);
        data.Save(data.State with { Clusters = [.. data.State.Clusters, entry] });
        return cluster;
    }

    private static async Task<PretendCluster> Restart(
        SandboxData data, KnownCluster known, CancellationToken cancellationToken)
    {
        try
        {
            return await PretendCluster.Start(
                Options(data, known.Name, PretendEngine.Named(known.Engine), known.Port), cancellationToken);
        }
        catch (IOException)
        {
            throw new SandboxProblem(
                $"Port {known.Port} of the pretend cluster {known.Name} is in use by another process; stop that one, "
                + $"or choose another folder than --data {data.Folder}.");
        }
    }

    private static PretendClusterOptions Options(SandboxData data, string name, PretendEngine engine, int port) => new()
    {
        Name = name,
        Engine = engine,
        Port = port,
        BulkTime = BulkTime,
        IndexFolder = Path.Combine(data.Indices, name),
    };

    private static async Task<ClusterControl> StartControl(
        SandboxData data, List<PretendCluster> clusters, int firstPort, CancellationToken cancellationToken)
    {
        var wanted = data.State.ControlPort is > 0 and var known ? known : firstPort;
        var control = await OnPortNear(wanted, port => ClusterControl.Start(clusters, port, cancellationToken));
        data.Save(data.State with { ControlPort = control.Url.Port });
        return control;
    }

    /// <summary>On the port if that is free, else on any that is.</summary>
    private static async Task<T> OnPortNear<T>(int port, Func<int, Task<T>> start)
    {
        try
        {
            return await start(port);
        }
        catch (IOException)
        {
            return await start(0);
        }
    }

    private static async Task End(List<PretendCluster> clusters)
    {
        foreach (var cluster in clusters)
        {
            await cluster.DisposeAsync();
        }
    }
}
