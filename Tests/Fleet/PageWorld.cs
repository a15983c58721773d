using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Access;
using ClusterGrains.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;

namespace ClusterGrains.Tests.Fleet;

/// <summary>A whole silo on loopback with what it knew of some resources, and one browser that looks at its page.</summary>
public sealed class PageWorld : IAsyncLifetime
{
    private const string Spec = """{"endpoints":["http://search.invalid:9200"],"schedule":{"interval":"30m","staleAfter":"90m"}}""";

    private readonly RunningSilo _silo = new();
    private Browser? _browser;

    /// <summary>Now, in whole seconds.</summary>
    internal static DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _silo.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        await _silo.DisposeAsync();
    }

    /// <summary>The page with a query, before anything is shown.</summary>
    internal async Task<Browser> Open(string query, CancellationToken cancellationToken)
    {
        _browser ??= await Browser.Start(trusted: null, password: null, cancellationToken);
        _browser.Pretend = _ => null;
        _browser.Trouble.Clear();
        await _browser.Open(new Uri(_silo.Api.BaseAddress!, $"/{query}"), cancellationToken);
        return _browser;
    }

    /// <summary>What each row of the page's tables reads, cell by cell.</summary>
    internal static async Task<string[][]> Rows(Browser browser, CancellationToken cancellationToken)
    {
        var rows = await browser.Evaluate("[...document.querySelectorAll('tbody tr')].map(row => [...row.cells].map(cell => cell.innerText))", cancellationToken);
        return [.. rows!.AsArray().Select(row => row!.AsArray().Select(cell => (string)cell!).ToArray())];
    }

    /// <summary>Leaves a cluster behind as a grain did that last judged it at a moment.</summary>
    internal Task Leave(string key, SearchClusterWork work, DateTimeOffset judged)
    {
        var schedule = SearchClusters.Schedule(Spec, TimeSpan.Zero)!;
        var state = New<SearchClusterWork>(SearchClusters.Kind, key, Spec, schedule) with { Work = work };
        return Store(SearchClusters.Kind, SearchClusterJudgement.Of(state, schedule, judged));
    }

    /// <summary>Leaves a dataset behind, likewise.</summary>
    internal Task Leave(string key, DatasetLedger ledger, DateTimeOffset judged)
    {
        const string spec = """{"clusterRef":{"name":"search-a"},"alias":"products","source":{"uri":"s3://feeds","expectNewWithin":"26h"},"schedule":{"interval":"30m","staleAfter":"90m"}}""";
        var read = DatasetSpecs.Read(spec, TimeSpan.Zero).Spec!;
        var schedule = SearchDatasets.Timing(read, TimeSpan.Zero);
        var state = New<SearchDatasetWork>(SearchDatasets.Kind, key, spec, schedule) with { Work = new SearchDatasetWork { Ledger = ledger } };
        return Store(SearchDatasets.Kind, SearchDatasetJudgement.Of(state, read, schedule, judged));
    }

    internal async Task Record(HistoryRecord record)
    {
        var entry = HistoryObject.Seal(record);
        await _silo.Services.GetRequiredService<IHistoryStore>().Put(entry.Key, entry.Body, Cancellation);
    }

    /// <summary>Its run of this slot is done: whoever wakes it lets it lie.</summary>
    private static ResourceState<TWork> New<TWork>(ResourceKind kind, string key, string spec, Schedule schedule)
        where TWork : class, new() => new()
        {
            Kind = kind.Name,
            Phase = ResourcePhase.Active,
            Accepted = new AcceptedSpec(1, spec),
            LastSlot = schedule.Slot($"uid-of-{key.Split('/')[1]}", Now),
            Manifest = new Manifest
            {
                Namespace = key.Split('/')[0],
                Name = key.Split('/')[1],
                Uid = $"uid-of-{key.Split('/')[1]}",
                Generation = 1,
                ResourceVersion = "1",
                CreatedAt = DateTimeOffset.UnixEpoch,
                Spec = spec,
            },
        };

    private async Task Store<TWork>(ResourceKind kind, ResourceState<TWork> state)
        where TWork : class, new()
    {
        var storage = _silo.Services.GetRequiredKeyedService<IGrainStorage>(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);
        var grain = GrainId.Create(kind.GrainType, $"{state.Manifest!.Namespace}/{state.Manifest.Name}");
        await storage.WriteStateAsync(kind.GrainType, grain, new GrainState<ResourceState<TWork>>(state, null!), Cancellation);
    }
}
