using System.Security.Cryptography;
using System.Text;
using ClusterGrains.History;

namespace ClusterGrains.Tests.History;

/// <summary>What every reader of a history store promises.</summary>
public abstract class HistoryReaderContract
{
    protected const int PageSize = 7;

    private const string Day = "v1/history/record=check/dt=2026-03-01/";

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An empty store, and its reader with pages of <see cref="PageSize"/> keys.</summary>
    private protected abstract (IHistoryStore Store, IHistoryReader Reader) Open();

    /// <summary>The reader of a store that does not answer now.</summary>
    private protected abstract IHistoryReader OpenUnreachable();

    [Fact]
    public async Task Every_key_below_a_prefix_comes_once_over_all_pages_and_no_other()
    {
        var (store, reader) = Open();
        var expected = Enumerable.Range(0, 3 * PageSize + 1).Select(i => $"{Day}resource=r{i % 4}/{i:D6}-1-{i}-run.json.gz").ToList();
        foreach (var key in expected.Append("v1/_meta/probe").Append("v1/history/record=check/dt=2026-03-02/resource=r1/x.json.gz"))
        {
            await store.Put(key, Bytes("x"), Cancellation);
        }

        var pages = await Pages(reader, Day);

        Assert.All(pages, page => Assert.InRange(page.Keys.Length, 0, PageSize));
        Assert.Equal(expected.Order(StringComparer.Ordinal), pages.SelectMany(page => page.Keys).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_full_last_page_is_the_end()
    {
        var (store, reader) = Open();
        for (var i = 0; i < 2 * PageSize; i++)
        {
            await store.Put($"{Day}{i}", Bytes("x"), Cancellation);
        }

        Assert.Equal(2 * PageSize, (await Pages(reader, Day)).Sum(page => page.Keys.Length));
    }

    [Fact]
    public async Task A_prefix_may_end_within_a_name_and_files_and_folders_may_share_a_beginning()
    {
        var (store, reader) = Open();
        string[] keys = ["v1/a", "v1/a-1", "v1/a!/x", "v1/ab/1", "v1/ab/2", "v1/ab.x", "v1/abc/1", "v1/b/ab", "v2/ab/1"];
        foreach (var key in keys)
        {
            await store.Put(key.Replace("v1/a", "v1/d/a", StringComparison.Ordinal), Bytes("x"), Cancellation);
        }

        Assert.Equal(
            ["v1/d/ab.x", "v1/d/ab/1", "v1/d/ab/2", "v1/d/abc/1"],
            (await Pages(reader, "v1/d/ab")).SelectMany(page => page.Keys).Order(StringComparer.Ordinal));
        Assert.Equal(keys.Length, (await Pages(reader, "")).Sum(page => page.Keys.Length));
    }

    [Fact]
    public async Task A_prefix_with_nothing_below_it_is_one_empty_page()
    {
        var (store, reader) = Open();
        await store.Put("v1/_meta/probe", Bytes("x"), Cancellation);

        var page = Assert.Single(await Pages(reader, Day));

        Assert.Empty(page.Keys);
    }

    [Theory]
    [InlineData("v1/history/record=gap/a+b c&d%20e~f'(g)!.json.gz")]
    [InlineData("v1/history/ünïcode/日本.json.gz")]
    [InlineData("v1/history/a..b/..c.json.gz")]
    public async Task Keys_with_unusual_characters_are_listed_and_read_as_they_were_written(string key)
    {
        var (store, reader) = Open();
        await store.Put(key, Bytes("x"), Cancellation);

        Assert.Equal([key], Assert.Single(await Pages(reader, "v1/history/")).Keys);
        Assert.Equal(Bytes("x"), await reader.Read(key, Cancellation));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(256 * 1024)]
    public async Task An_object_is_read_whole(int length)
    {
        var (store, reader) = Open();
        var body = RandomNumberGenerator.GetBytes(length);
        await store.Put(Day + "x", body, Cancellation);

        Assert.Equal(body, await reader.Read(Day + "x", Cancellation));
    }

    [Fact]
    public async Task An_object_that_is_not_there_is_null()
    {
        var (store, reader) = Open();
        await store.Put("v1/_meta/probe", Bytes("x"), Cancellation);

        Assert.Null(await reader.Read(Day + "x", Cancellation));
        Assert.Null(await reader.Read("v1/_meta/prob", Cancellation));
    }

    [Fact]
    public async Task A_store_that_is_away_is_a_dependency_failure_and_never_an_empty_answer()
    {
        var reader = OpenUnreachable();

        var listing = await Assert.ThrowsAsync<DependencyException>(() => reader.List(Day, null, Cancellation));
        var reading = await Assert.ThrowsAsync<DependencyException>(() => reader.Read(Day + "x", Cancellation));

        Assert.All([listing, reading], failure => Assert.Equal(Dependency.History, failure.Dependency));
        Assert.Contains(Day, listing.Message, StringComparison.Ordinal);
        Assert.Contains(Day + "x", reading.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_gives_up_is_told_so()
    {
        var (store, reader) = Open();
        await store.Put(Day + "x", Bytes("x"), Cancellation);
        var given = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.List(Day, null, given));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.Read(Day + "x", given));
    }

    private protected static async Task<List<HistoryPage>> Pages(IHistoryReader reader, string prefix)
    {
        var pages = new List<HistoryPage>();
        string? continuation = null;
        do
        {
            pages.Add(await reader.List(prefix, continuation, Cancellation));
            continuation = pages[^1].Continuation;
        }
        while (continuation is not null);
        return pages;
    }

    private protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
