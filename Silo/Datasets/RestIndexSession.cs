using System.Collections.Immutable;
using System.Text.Json;
using ClusterGrains.Clusters;

namespace ClusterGrains.Datasets;

/// <summary>One request per question; two where the second decides whether the first's answer may be acted on.</summary>
internal sealed class RestIndexSession : IIndexSession
{
    private readonly IndexConnection _connection;
    private readonly EngineFeatures _engine;
    private readonly IndexRequests _requests;
    private readonly BulkSender _bulk;

    public RestIndexSession(IndexConnection connection, ClusterIdentity identity)
    {
        _connection = connection;
        _engine = EngineFeatures.Of(identity);
        _requests = new IndexRequests(_engine);
        _bulk = new BulkSender(connection);
        Identity = identity;
    }

    public ClusterIdentity Identity { get; }

    public Task<ClusterIdentity> Identify(CancellationToken cancellationToken) => _connection.Identify(cancellationToken);

    public async Task<AliasView> Alias(string alias, CancellationToken cancellationToken)
    {
        // Not _alias, which OpenSearch's security only lets users ask who may see every index.
        var answer = await Ask(IndexRequests.Index(alias), cancellationToken);
        if (answer.Error.IsMissingIndex)
        {
            return new AliasView(false, []);
        }

        // What answers to the name and is no alias is an index, or a data stream: they leave no room for one either.
        var targets = IndexViews.Targets(answer.OrThrow().Body, alias);
        return targets.IsEmpty && !IndexViews.NameAny(answer.Body) ? throw answer.Failed("names no index.") : new(targets.IsEmpty, targets);
    }

    public async Task<ImmutableArray<IndexView>> Indices(string prefix, CancellationToken cancellationToken)
    {
        var answer = await Ask(IndexRequests.Indices(prefix), cancellationToken);
        return answer.Error.IsMissingIndex ? [] : IndexViews.Of(answer.OrThrow().Body, prefix);
    }

    public async Task<IndexView?> Find(string index, CancellationToken cancellationToken)
    {
        var answer = await Ask(IndexRequests.Index(index), cancellationToken);
        return answer.Error.IsMissingIndex
            ? null
            : IndexViews.Of(answer.OrThrow().Body, index).FirstOrDefault(view => view.Name == index);
    }

    public async Task<TemplateEffect> Simulate(string index, CancellationToken cancellationToken)
    {
        if (_engine.ComposableTemplates)
        {
            var simulated = await Ask(IndexRequests.Simulate(index), cancellationToken);
            if (TemplateEffects.Simulated(simulated.OrThrow().Body, index) is { } effect)
            {
                return effect;
            }
        }

        return TemplateEffects.Legacy((await Ask(IndexRequests.LegacyTemplates, cancellationToken)).OrThrow().Body, index);
    }

    public async Task<ImmutableArray<NodeRoom>> Room(CancellationToken cancellationToken)
    {
        var stats = await Ask(IndexRequests.NodeStats, cancellationToken);
        var nodes = _connection.Answers.Nodes(stats.OrThrow().Body) ?? throw stats.Failed("names no nodes.");
        var settings = await Ask(IndexRequests.ClusterSettings, cancellationToken);
        return ClusterRoom.Of(nodes, settings.Ok ? _connection.Answers.Settings(settings.Body) : null, _engine);
    }

    public async Task<CreateAnswer> Create(string index, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var answer = await Ask(_requests.Create(index, body), cancellationToken);
        if (answer.Error.Is("resource_already_exists_exception"))
        {
            return new CreateAnswer(CreateResult.Exists, answer.Error.ToString());
        }

        if (answer.Error.IsShardLimit)
        {
            return new CreateAnswer(CreateResult.NoRoom, answer.Error.ToString());
        }

        if (answer.Status == 400)
        {
            return new CreateAnswer(CreateResult.Refused, answer.Error.ToString());
        }

        answer.Confirmed();
        return new CreateAnswer(CreateResult.Created);
    }

    public async Task<bool> PointLoadAlias(IndexView index, string? alias, CancellationToken cancellationToken)
    {
        var answer = await Ask(_requests.Aliases(AliasActions.PointLoadAlias(index.Name, alias)), cancellationToken);
        if (answer.Error.IsMissingIndex)
        {
            return false;
        }

        // Nothing was to be added, and there was nothing to remove.
        if (alias is null && answer.Error is { Status: 404 } nothing && nothing.Is("aliases_not_found_exception"))
        {
            return true;
        }

        answer.Confirmed();
        return true;
    }

    public Task<BulkAnswer> Bulk(string alias, ReadOnlyMemory<byte> body, int items, CancellationToken cancellationToken) =>
        _bulk.Send(alias, body, items, cancellationToken);

    public async Task Configure(string index, ReadOnlyMemory<byte> settings, CancellationToken cancellationToken) =>
        (await Ask(_requests.Settings(index, settings), cancellationToken)).Confirmed();

    public async Task BlockWrites(string index, CancellationToken cancellationToken) =>
        (await Ask(_requests.BlockWrites(index), cancellationToken)).Confirmed();

    public async Task Mark(string index, IndexMark mark, CancellationToken cancellationToken)
    {
        // What is not sent again is gone, and not all of it is ours.
        var known = await Ask(IndexRequests.Index(index), cancellationToken);
        var mapping = IndexViews.WithMark(IndexViews.Meta(known.OrThrow().Body, index), mark);
        (await Ask(_requests.Mapping(index, mapping), cancellationToken)).Confirmed();
    }

    public async Task<IndexHealth?> Health(string index, CancellationToken cancellationToken)
    {
        var answer = await Ask(IndexRequests.Health(index), cancellationToken);

        // 408 is what health says of an index that is not there, among other things.
        if (answer.Status == 408 || answer.Error.IsMissingIndex)
        {
            return await Find(index, cancellationToken) is null ? null : throw answer.Unexpected();
        }

        var facts = ClusterAnswers.Health(answer.OrThrow().Body) ?? throw answer.Failed("names no status.");
        return new IndexHealth(
            facts.Status,
            Moving: (int)((facts.Initializing ?? 0) + (facts.Relocating ?? 0)),
            Unassigned: (int)(facts.Unassigned ?? 0),
            DataNodes: (int)(facts.DataNodes ?? 0));
    }

    public async Task Refresh(string index, CancellationToken cancellationToken) =>
        (await Ask(IndexRequests.Refresh(index), cancellationToken)).FromEveryShard(allShards: false);

    public async Task<IndexSize> Count(string index, CancellationToken cancellationToken)
    {
        var count = (await Ask(IndexRequests.Count(index), cancellationToken)).FromEveryShard(allShards: true);
        var docs = count.Body.Count("count") ?? throw count.Failed("holds no count.");
        var size = await Ask(IndexRequests.Size(index), cancellationToken);
        return new IndexSize(docs, size.Ok ? size.Body.Count("_all", "primaries", "store", "size_in_bytes") ?? 0 : 0);
    }

    public async Task<SearchAnswer> Search(string index, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var answer = await Ask(IndexRequests.Search(index, body), cancellationToken);
        if (answer.Status == 400)
        {
            return new SearchAnswer(0, answer.Error.ToString());
        }

        var found = answer.FromEveryShard(allShards: true).Body;
        return new SearchAnswer(
            found.Count("hits", "total", "value") ?? found.Count("hits", "total") ?? throw answer.Failed("holds no total."));
    }

    public async Task<SwapAnswer> Swap(string alias, AliasTarget? from, string to, CancellationToken cancellationToken)
    {
        // Of an alias that shall not be there, or only there, no engine takes a condition: look first, and the caller after.
        var now = await Alias(alias, cancellationToken);
        if (now.IndexOfThatName)
        {
            return new SwapAnswer(SwapResult.NameTaken, $"An index is called {alias}.");
        }

        if (!now.Targets.Select(target => target.Index).SequenceEqual(from is null ? [] : [from.Index]))
        {
            return new SwapAnswer(SwapResult.NotAsExpected, $"It shows {Named(now)} and not {from?.Index ?? "nothing"}.");
        }

        var actions = AliasActions.Swap(alias, now.Targets.FirstOrDefault(), to, _engine.MustExist);
        var answer = await Ask(_requests.Aliases(actions), cancellationToken);
        return SwapAnswers.Of(answer, to) ?? throw answer.Unexpected();
    }

    public async Task<bool> Delete(string index, string uuid, CancellationToken cancellationToken)
    {
        if (await Find(index, cancellationToken) is not { Aliases.IsEmpty: true } found || found.Uuid != uuid)
        {
            return false;
        }

        var answer = await Ask(_requests.Delete(index), cancellationToken);
        if (answer.Error.IsMissingIndex)
        {
            return false;
        }

        answer.Confirmed();
        return true;
    }

    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Named(AliasView view) =>
        view.Targets.IsEmpty ? "nothing" : string.Join(", ", view.Targets.Select(target => target.Index));

    private Task<ServerAnswer> Ask(IndexRequest request, CancellationToken cancellationToken) =>
        _connection.Send(request, cancellationToken);
}
