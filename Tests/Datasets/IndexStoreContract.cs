using System.Text;
using System.Text.Json;
using ClusterGrains.Datasets;
using ClusterGrains.Tests.Clusters;

namespace ClusterGrains.Tests.Datasets;

/// <summary>What an update relies on, of any search cluster. Leaves no index behind.</summary>
public abstract class IndexStoreContract : IAsyncLifetime
{
    private readonly string _alias = $"cgt-{Guid.NewGuid():N}"[..16];
    private IIndexSession _session = null!;

    private protected ProbeWorld World { get; } = new();

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string First => $"{_alias}-1";

    private string Second => $"{_alias}-2";

    [Fact]
    public async Task A_new_index_is_there_with_its_mark_and_is_made_once()
    {
        Assert.Equal(new CreateAnswer(CreateResult.Created), await Create(First));
        var again = await Create(First);
        await Create(Second);

        Assert.Equal(CreateResult.Exists, again.Result);
        var found = await _session.Find(First, Cancellation);
        Assert.Equal(Mark("run-1"), found?.Mark);
        Assert.NotEqual("", found?.Uuid);
        Assert.Empty(found!.Aliases);
        Assert.Equal([First, Second], (await _session.Indices(_alias + "-", Cancellation)).Select(index => index.Name));
        Assert.Null(await _session.Find(_alias, Cancellation));
        Assert.Empty(await _session.Indices(_alias + "-9", Cancellation));
    }

    [Theory]
    [InlineData("""{"mappings":{"properties":{"title":{"type":"strin"}}}}""")]
    [InlineData("""{"settings":{"index":{"number_of_shard":1}}}""")]
    [InlineData("""{"settings":""")]
    public async Task An_index_that_the_cluster_does_not_take_is_refused_with_the_reason(string body)
    {
        var answer = await _session.Create(First, Encoding.UTF8.GetBytes(body), Cancellation);

        Assert.Equal(CreateResult.Refused, answer.Result);
        Assert.StartsWith("400 ", answer.Reason, StringComparison.Ordinal);
        Assert.Null(await _session.Find(First, Cancellation));
    }

    [Fact]
    public async Task Documents_arrive_through_the_newest_private_alias_and_no_other_way()
    {
        var index = await Created(First);
        Assert.Equal(BulkResult.Gone, await Sent($"{First}.a1", "1"));

        Assert.True(await _session.PointLoadAlias(index, $"{First}.a1", Cancellation));
        Assert.Equal(BulkResult.Taken, await Sent($"{First}.a1", "1"));

        Assert.True(await _session.PointLoadAlias(index, $"{First}.a2", Cancellation));
        Assert.Equal(BulkResult.Gone, await Sent($"{First}.a1", "2"));
        Assert.Equal(BulkResult.Taken, await Sent($"{First}.a2", "3"));
        Assert.Equal(BulkResult.Gone, await Sent(First, "4"));
        Assert.Equal(2, await Count(First));
        Assert.Equal([$"{First}.a2"], (await _session.Find(First, Cancellation))!.Aliases);

        Assert.True(await _session.PointLoadAlias(index, null, Cancellation));
        Assert.True(await _session.PointLoadAlias(index, null, Cancellation));
        Assert.Empty((await _session.Find(First, Cancellation))!.Aliases);
    }

    [Fact]
    public async Task An_index_that_is_not_there_gets_no_private_alias()
    {
        Assert.False(await _session.PointLoadAlias(new IndexView(First, "u", null, []), $"{First}.a1", Cancellation));
    }

    [Fact]
    public async Task Bad_documents_are_told_by_position_and_the_others_are_taken_once_however_often_they_come()
    {
        await _session.PointLoadAlias(await Created(First), $"{First}.a1", Cancellation);
        var body = Body(("1", """{"stock":1}"""), ("2", """{"stock":"many"}"""), ("3", """{"stock":3}"""));

        var first = await _session.Bulk($"{First}.a1", body, 3, Cancellation);
        var second = await _session.Bulk($"{First}.a1", body, 3, Cancellation);

        Assert.Equal((BulkResult.Taken, BulkResult.Taken), (first.Result, second.Result));
        var failed = Assert.Single(first.Failed);
        Assert.Equal((1, BulkResult.Refused, 400), (failed.Position, failed.Result, failed.Status));
        Assert.Contains("parsing_exception", failed.Type, StringComparison.Ordinal);
        Assert.Contains("stock", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(2, await Count(First));
    }

    [Fact]
    public async Task Documents_are_counted_and_found_after_a_refresh()
    {
        await _session.PointLoadAlias(await Created(First), $"{First}.a1", Cancellation);
        await Sent($"{First}.a1", "1", "2", "3");
        await _session.Refresh(First, Cancellation);

        Assert.Equal(3, (await _session.Count(First, Cancellation)).Docs);
        Assert.Equal(new SearchAnswer(3), await _session.Search(First, """{"query":{"match_all":{}}}"""u8.ToArray(), Cancellation));
        Assert.Equal(new SearchAnswer(1), await _session.Search(First, """{"size":5,"query":{"term":{"stock":2}}}"""u8.ToArray(), Cancellation));
        var refused = await _session.Search(First, """{"query":{"nonsense":{}}}"""u8.ToArray(), Cancellation);
        Assert.Contains("nonsense", refused.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_request_is_taken_as_a_whole()
    {
        const int Items = 3_000;
        await _session.PointLoadAlias(await Created(First), $"{First}.a1", Cancellation);
        var text = new string('x', 1_000);
        var body = Body([.. Enumerable.Range(0, Items).Select(id => ($"{id}", $"{{\"stock\":{id},\"text\":\"{text}\"}}"))]);

        Assert.Same(BulkAnswer.AllTaken, await _session.Bulk($"{First}.a1", body, Items, Cancellation));

        Assert.Equal(Items, await Count(First));
    }

    [Fact]
    public async Task The_alias_goes_from_index_to_index_and_nowhere_it_is_not_expected()
    {
        await Create(First);
        await Create(Second);
        Assert.Empty((await _session.Alias(_alias, Cancellation)).Targets);

        Assert.Equal(SwapResult.NotAsExpected, await Swap(Second, First));
        Assert.Equal(SwapResult.Done, await Swap(null, First));
        Assert.Equal([First], await Shown());
        Assert.Equal(SwapResult.NotAsExpected, await Swap(null, Second));
        Assert.Equal(SwapResult.NotAsExpected, await Swap(Second, First));
        Assert.Equal(SwapResult.Missing, await Swap(First, $"{_alias}-3"));
        Assert.Equal([First], await Shown());
        Assert.Equal(SwapResult.Done, await Swap(First, Second));
        Assert.Equal([Second], await Shown());
    }

    [Fact]
    public async Task Of_two_swaps_at_once_one_is_done()
    {
        Assert.SkipUnless(EngineFeatures.Of(_session.Identity).MustExist, $"{_session.Identity.Version} has no must_exist.");
        await Create(First);
        await Create(Second);
        await Create($"{_alias}-3");
        await Swap(null, First);

        var swaps = await Task.WhenAll(Swap(First, Second), Swap(First, $"{_alias}-3"));

        Assert.Equal([SwapResult.Done, SwapResult.NotAsExpected], swaps.Order());
        Assert.Equal([swaps[0] is SwapResult.Done ? Second : $"{_alias}-3"], await Shown());
    }

    [Fact]
    public async Task An_index_of_the_aliass_name_is_in_its_way()
    {
        await Create(_alias);
        await Create(First);

        Assert.True((await _session.Alias(_alias, Cancellation)).IndexOfThatName);
        Assert.Equal(SwapResult.NameTaken, await Swap(null, First));
        Assert.NotNull(await _session.Find(_alias, Cancellation));
    }

    [Fact]
    public async Task A_blocked_index_takes_no_document_and_still_its_alias_mark_and_end()
    {
        var index = await Created(First);
        await _session.PointLoadAlias(index, $"{First}.a1", Cancellation);

        await _session.BlockWrites(First, Cancellation);

        var answer = await _session.Bulk($"{First}.a1", Body(("1", "{}")), 1, Cancellation);
        Assert.Equal(BulkResult.Blocked, Assert.Single(answer.Failed).Result);
        await _session.PointLoadAlias(index, null, Cancellation);
        await _session.Mark(First, Mark("run-2"), Cancellation);
        Assert.Equal(Mark("run-2"), (await _session.Find(First, Cancellation))?.Mark);
        Assert.Equal(SwapResult.Done, await Swap(null, First));
    }

    [Fact]
    public async Task An_index_is_deleted_by_name_and_uuid_and_not_from_under_an_alias()
    {
        var index = await Created(First);
        await Swap(null, First);
        Assert.False(await _session.Delete(First, index.Uuid, Cancellation));
        await Create(Second);
        await Swap(First, Second);

        Assert.False(await _session.Delete(First, "another-uuid", Cancellation));
        Assert.NotNull(await _session.Find(First, Cancellation));
        Assert.True(await _session.Delete(First, index.Uuid, Cancellation));
        Assert.Null(await _session.Find(First, Cancellation));
        Assert.False(await _session.Delete(First, index.Uuid, Cancellation));
    }

    [Fact]
    public async Task Settings_change_and_health_follows()
    {
        await Create(First);
        await _session.Configure(First, """{"index":{"refresh_interval":null,"number_of_replicas":0}}"""u8.ToArray(), Cancellation);

        var health = await _session.Health(First, Cancellation);

        Assert.Equal(("green", 0), (health?.Status, health?.Unassigned));
        Assert.InRange(health!.DataNodes, 1, int.MaxValue);
        Assert.Null(await _session.Health(Second, Cancellation));
    }

    [Fact]
    public async Task The_cluster_says_what_its_templates_and_disks_allow()
    {
        Assert.Equal(_session.Identity, await _session.Identify(Cancellation));
        Assert.DoesNotContain(_alias, (await _session.Simulate(First, Cancellation)).Aliases);
        Assert.All(await _session.Room(Cancellation), node =>
        {
            Assert.InRange(node.Available, 1, node.Total);
            Assert.InRange(node.HighFree, node.FloodFree, node.LowFree);
        });
    }

    public async ValueTask InitializeAsync() => _session = await Connect();

    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
        {
            await Stop([.. (await _session.Indices(_alias, CancellationToken.None)).Select(index => index.Name)]);
            await _session.DisposeAsync();
        }

        World.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<IIndexSession> Connect();

    /// <param name="left">The indices that are still there, with their aliases.</param>
    private protected abstract ValueTask Stop(IReadOnlyList<string> left);

    private static IndexMark Mark(string run) => new(
        "uid-1", "shop/products", "2026-11-22", run, "sha256:1", DateTimeOffset.Parse("2026-11-22T18:00:00Z", null));

    private static byte[] Body(params (string Id, string Document)[] items) => Encoding.UTF8.GetBytes(
        string.Concat(items.Select(item => $"{{\"index\":{{\"_id\":\"{item.Id}\"}}}}\n{item.Document}\n")));

    private async Task<CreateAnswer> Create(string index)
    {
        var mark = new MemoryStream();
        await using (var json = new Utf8JsonWriter(mark))
        {
            Mark("run-1").Write(json);
        }

        return await _session.Create(
            index,
            Encoding.UTF8.GetBytes(
                """{"settings":{"index":{"number_of_shards":2,"number_of_replicas":0,"refresh_interval":"-1"}},"mappings":{"_meta":{"clustergrains":"""
                + Encoding.UTF8.GetString(mark.ToArray())
                + """},"properties":{"stock":{"type":"integer"}}}}"""),
            CancellationToken.None);
    }

    private async Task<IndexView> Created(string index)
    {
        await Create(index);
        return (await _session.Find(index, Cancellation))!;
    }

    /// <summary>What became of all of them.</summary>
    private async Task<BulkResult> Sent(string alias, params string[] ids)
    {
        var answer = await _session.Bulk(alias, Body([.. ids.Select(id => (id, $"{{\"stock\":{id}}}"))]), ids.Length, Cancellation);
        return answer.Failed.IsEmpty ? answer.Result : answer.Failed[0].Result;
    }

    private async Task<long> Count(string index)
    {
        await _session.Refresh(index, Cancellation);
        return (await _session.Count(index, Cancellation)).Docs;
    }

    private async Task<SwapResult> Swap(string? from, string to) =>
        (await _session.Swap(_alias, from is null ? null : new AliasTarget(from), to, CancellationToken.None)).Result;

    private async Task<IEnumerable<string>> Shown() =>
        (await _session.Alias(_alias, Cancellation)).Targets.Select(target => target.Index);
}
