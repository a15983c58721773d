using ClusterGrains.Datasets;
using ClusterGrains.Datasets.Loading;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>One dataset with everything around it in memory; runs go one after the other, as the grain starts them.</summary>
internal sealed class UpdateWorld : IDisposable
{
    public const string Alias = "products";

    private readonly ResourceKey _key = new("shop", "products");
    private int _runs;

    public UpdateWorld()
    {
        (Source, Cluster, Claims) = (new(Mishaps), new(Mishaps), new(Mishaps));
        (History, Grain) = (new(Mishaps), new(Mishaps));
        Admission = new(Options.Create(new DatasetOptions { MaxUpdates = 1 }));
    }

    public Mishaps Mishaps { get; } = new();

    public ImpatientTime Time { get; } = new();

    public PretendVersions Source { get; }

    public PretendIndices Cluster { get; }

    public PretendClaims Claims { get; }

    public PretendConfigMaps ConfigMaps { get; } = new();

    public PretendObjects History { get; }

    public PretendDatasetGrain Grain { get; }

    public PretendClusterGrain ClusterGrain { get; } = new();

    public PlainLoader Loader { get; } = new();

    /// <summary>Loads instead of <see cref="Loader"/>.</summary>
    public Loader? RealLoader { get; set; }

    public UpdateAdmission Admission { get; }

    public string Uid { get; set; } = "uid-1";

    public long Generation { get; set; } = 1;

    public string? Approve { get; set; }

    public string? AdoptAlias { get; set; }

    public string? Reload { get; set; }

    public SearchDatasetSpec Spec { get; set; } = new()
    {
        ClusterRef = new ClusterRef("search-a"),
        Alias = Alias,
        Source = new SourceSpec { Uri = "file:///data/products" },
        Rollout = new RolloutSpec { OrphanGrace = TimeSpan.FromHours(1) },
    };

    public RolloutSpec Rollout
    {
        get => Spec.Rollout;
        set => Edit(Spec with { Rollout = value });
    }

    public DatasetLedger Ledger => Grain.Ledger;

    public string[] Shown => Cluster.Showing(Alias);

    public void Edit(SearchDatasetSpec spec)
    {
        Spec = spec;
        Generation++;
    }

    /// <summary>One run, one interval after the last.</summary>
    public async Task<DatasetLedger> Run(CancellationToken? budget = null)
    {
        Time.Now += TimeSpan.FromMinutes(1);
        var run = Open();
        await Workflow().Run(run, budget ?? TestContext.Current.CancellationToken, TestContext.Current.CancellationToken);
        return Ledger;
    }

    /// <summary>What the grain does when a run is due, without anybody working on it yet.</summary>
    public UpdateRun Open()
    {
        var runId = Ledger.Candidate?.RunId ?? $"run-{++_runs}";
        Grain.Attempt = runId == Grain.RunId ? Grain.Attempt + 1 : 1;
        (Grain.RunId, Grain.IsOpen, Grain.IsEdited) = (runId, true, false);
        return new UpdateRun
        {
            Key = _key,
            Uid = Uid,
            Generation = Generation,
            Spec = Spec,
            Approve = Approve,
            AdoptAlias = AdoptAlias,
            Reload = Reload,
            RunId = runId,
            Attempt = Grain.Attempt,
            StartedAt = Time.Now,
            Ledger = Ledger,
            Target = new HistoryTarget("SearchDataset", _key.Namespace, _key.Name, Uid, null, null, null),
            Grain = Grain,
            Cluster = ClusterGrain,
        };
    }

    public UpdateWorkflow Workflow() => new(
        new UpdatePorts(Source, Cluster, ConfigMaps, Claims, History, new Loader(Time), Admission, Time)
        {
            Load = RealLoader is { } real ? real.Load : Loader.Load,
        },
        NullLogger<UpdateWorkflow>.Instance);

    public IndexMark Mark(string version, string uid = "uid-1", DateTimeOffset? promotedAt = null) =>
        new(uid, _key.ToString(), version, "run-0", $"{version}#1#20", Time.Now, promotedAt);

    public static IndexRow Claimant(string name, string uid) =>
        new("SearchDataset", "shop", name, uid, 1, "", "Active", null, 1, $"cluster-1/{Alias}", null);

    public void Dispose() => Admission.Dispose();
}
