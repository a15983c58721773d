using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Datasets.Loading;
using ClusterGrains.History;
using ClusterGrains.Hosting;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Watch;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterGrains.Tests.Faults;

/// <summary>
/// An update goes on under a new attempt, and the one that was believed dead wakes: the real loader and the real workflow,
/// with everything the old attempt knew.
/// </summary>
public sealed class DatasetZombieTests : IAsyncLifetime
{
    private const string Name = "products";

    private readonly Corpus _first = Corpus.Of("v1", 60);
    private readonly Corpus _second = Corpus.Of("v2", 120, padding: 4000);
    private DatasetWorld _world = null!;
    private WebApplication _silo = null!;
    private BulkGate _gate = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The first attempt has died in the middle of its load, the second one is in the middle of its own.</summary>
    public async ValueTask InitializeAsync()
    {
        _world = await DatasetWorld.Start(Cancellation);
        _world.Source(Name).Publish(_first);
        _world.Create(Name);
        _world.Faults.StartSilo();
        await _world.Promoted(Name, _first.Version);
        using (var gate = new BulkGate(_world.Cluster, Name))
        {
            _world.Source(Name).Publish(_second);
            await Await.Soon(gate.Arrived);
            await _world.Faults.KillSilo(Cancellation);
        }

        _gate = new BulkGate(_world.Cluster, Name, passing: 1, attempt: 2);
        _silo = SiloHost.Build([.. _world.Faults.SiloArguments]);
        await SiloHost.Start(_silo);
        await Await.Soon(_gate.Arrived);
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Dispose();
        await _silo.StopAsync(CancellationToken.None);
        await _silo.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Its_documents_are_refused_and_its_promotion_too()
    {
        var status = await _world.Shown(Name, status => (int?)status["candidate"]?["attempt"] == 2);
        var candidate = Assert.Single(_world.Cluster.Indices.All, index => index.Name == (string)status["candidate"]!["index"]!);
        Assert.Equal([$"{candidate.Name}.a2"], candidate.Aliases.Keys);

        var end = await Load($"{candidate.Name}.a1");
        Assert.Equal(LoadResult.Gone, end.Result);
        Assert.Equal(0, end.Counts.Acked);
        foreach (var step in (UpdateStep[])[UpdateStep.Load, UpdateStep.Settle, UpdateStep.Approve, UpdateStep.Promote, UpdateStep.Prune])
        {
            await WakeUp(step, candidate.Name, candidate.Uuid, (string)status["candidate"]!["runId"]!);
            Assert.Equal([$"{candidate.Name}.a2"], candidate.Aliases.Keys);
            _first.AssertArrived(_world.Arrived(Name));
        }

        _gate.Dispose();
        await _world.Promoted(Name, _second.Version);
        _second.AssertArrived(_world.Arrived(Name));
        Assert.Same(candidate, Assert.Single(_world.Behind(Name)));
        Assert.Equal([("v1", UpdateResult.Promoted, null), ("v2", UpdateResult.Promoted, null)], _world.Ended(Name));
    }

    /// <summary>Other documents than those of the version, by the alias of the first attempt.</summary>
    private async Task<LoadEnd> Load(string alias)
    {
        var (source, access) = (_world.Source("zombie"), (await Cluster.Access(Cancellation))!);
        var strange = Corpus.Of("strange", 500);
        source.Publish(strange);
        await using var index = await Service<IIndexStore>().Connect("default", ClusterSpecs.Read(access.Spec, TimeSpan.Zero).Spec!, Cancellation);
        await using var files = await Service<IVersionSource>().Open("default", new SourceSpec { Uri = source.Uri }, Cancellation);
        return await Service<Loader>().Load(
            new LoadJob
            {
                Source = files,
                Version = (await files.Freeze(strange.Version, Cancellation))!,
                Index = index,
                Alias = alias,
                Limits = new LoadSpec(),
                Checkpoint = (_, _) => Task.CompletedTask,
            },
            Cancellation);
    }

    /// <summary>The first attempt as it would go on, had it come as far as that.</summary>
    private async Task WakeUp(UpdateStep step, string index, string indexUuid, string runId)
    {
        var resource = (await _world.Faults.Get(Name, SearchDatasets.Kind)).Json;
        var expected = Assert.Single(_world.Behind(Name)).Name;
        var clusterUuid = (string)resource["status"]!["clusterUuid"]!;
        var key = new ResourceKey("default", Name);
        var uid = (string)resource["metadata"]!["uid"]!;
        await Service<UpdateWorkflow>().Run(
            new UpdateRun
            {
                Key = key,
                Uid = uid,
                Generation = 1,
                Spec = DatasetSpecs.Read(resource["spec"]!.ToJsonString(), TimeSpan.Zero).Spec!,
                RunId = runId,
                Attempt = 1,
                StartedAt = DateTimeOffset.UnixEpoch,
                Ledger = new DatasetLedger
                {
                    ClusterUuid = clusterUuid,
                    Claim = $"{clusterUuid}/{Name}",
                    Candidate = new Candidate
                    {
                        RunId = runId,
                        Version = _second.Version,
                        Fingerprint = (await Frozen()).Fingerprint,
                        Recipe = Recipe.Of(DatasetSpecs.Read(resource["spec"]!.ToJsonString(), TimeSpan.Zero).Spec!),
                        Index = index,
                        IndexUuid = indexUuid,
                        ClusterUuid = clusterUuid,
                        StartedAt = DateTimeOffset.UnixEpoch,
                        Step = step,
                        Expected = expected,
                    },
                },
                Target = new HistoryTarget(SearchDatasets.Kind.Name, key.Namespace, key.Name, uid, clusterUuid, null, null),
                Grain = Grains.GetGrain<ISearchDatasetGrain>(key.ToString()),
                Cluster = Cluster,
            },
            Cancellation,
            CancellationToken.None);
    }

    private async Task<FrozenVersion> Frozen()
    {
        await using var files = await Service<IVersionSource>()
            .Open("default", new SourceSpec { Uri = _world.Source(Name).Uri }, Cancellation);
        return (await files.Freeze(_second.Version, Cancellation))!;
    }

    private IGrainFactory Grains => Service<IGrainFactory>();

    private ISearchClusterGrain Cluster => Grains.GetGrain<ISearchClusterGrain>("default/logs");

    private T Service<T>()
        where T : class => _silo.Services.GetRequiredService<T>();
}
