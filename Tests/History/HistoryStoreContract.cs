using System.Security.Cryptography;
using System.Text;
using ClusterGrains.History;

namespace ClusterGrains.Tests.History;

/// <summary>What every history store promises.</summary>
public abstract class HistoryStoreContract
{
    private const string Key = "v1/history/record=check/dt=2026-03-01/resource=searchcluster.prod.logs.1a2b3c4d/235958-1-1-run.json.gz";

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An empty store.</summary>
    private protected abstract Task<IHistoryStore> Open();

    /// <summary>A store that cannot be written now.</summary>
    private protected abstract IHistoryStore OpenUnreachable();

    /// <summary>What lies under a key of the store that <see cref="Open"/> gave; null for nothing.</summary>
    private protected abstract Task<byte[]?> Read(string key);

    [Fact]
    public async Task A_new_key_is_created_with_these_very_bytes()
    {
        var store = await Open();

        Assert.Null(await Read(Key));
        Assert.Equal(PutOutcome.Created, await store.Put(Key, Bytes("first"), Cancellation));
        Assert.Equal(Bytes("first"), await Read(Key));
    }

    [Fact]
    public async Task The_same_bytes_again_are_already_there()
    {
        var store = await Open();
        await store.Put(Key, Bytes("first"), Cancellation);

        Assert.Equal(PutOutcome.AlreadyThere, await store.Put(Key, Bytes("first"), Cancellation));
    }

    [Fact]
    public async Task Other_bytes_are_reported_and_never_overwrite()
    {
        var store = await Open();
        await store.Put(Key, Bytes("first"), Cancellation);

        Assert.Equal(PutOutcome.Different, await store.Put(Key, Bytes("other"), Cancellation));
        Assert.Equal(PutOutcome.Different, await store.Put(Key, Bytes("first and more"), Cancellation));
        Assert.Equal(Bytes("first"), await Read(Key));
    }

    [Fact]
    public async Task Of_many_creators_of_one_key_exactly_one_wins_and_its_bytes_stay()
    {
        var store = await Open();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            i => Task.Run(() => store.Put(Key, Bytes($"creator {i}"), Cancellation), Cancellation)));

        Assert.Equal(PutOutcome.Created, Assert.Single(outcomes, o => o is not PutOutcome.Different));
        Assert.Equal(Bytes($"creator {Array.IndexOf(outcomes, PutOutcome.Created)}"), await Read(Key));
    }

    [Fact]
    public async Task Of_many_creators_with_the_same_bytes_exactly_one_is_told_that_it_created()
    {
        var store = await Open();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            _ => Task.Run(() => store.Put(Key, Bytes("the same"), Cancellation), Cancellation)));

        Assert.Single(outcomes, PutOutcome.Created);
        Assert.Equal(15, outcomes.Count(o => o is PutOutcome.AlreadyThere));
    }

    [Theory]
    [InlineData("v1/_meta/format.json")]
    [InlineData("v1/history/record=gap/a+b c&d%20e~f'(g)!.json.gz")]
    [InlineData("v1/ünïcode/日本.json.gz")]
    [InlineData("v1/history/a..b/..c.json.gz")]
    public async Task Keys_with_unusual_characters_are_kept_as_they_are(string key)
    {
        var store = await Open();

        Assert.Equal(PutOutcome.Created, await store.Put(key, Bytes("x"), Cancellation));
        Assert.Equal(PutOutcome.AlreadyThere, await store.Put(key, Bytes("x"), Cancellation));
        Assert.Equal(Bytes("x"), await Read(key));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(256 * 1024)]
    public async Task Empty_and_big_bodies_arrive_whole(int length)
    {
        var store = await Open();
        var body = RandomNumberGenerator.GetBytes(length);

        Assert.Equal(PutOutcome.Created, await store.Put(Key, body, Cancellation));
        Assert.Equal(body, await Read(Key));
        Assert.Equal(PutOutcome.AlreadyThere, await store.Put(Key, body, Cancellation));
    }

    [Fact]
    public async Task A_cancelled_put_creates_nothing()
    {
        var store = await Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.Put(Key, Bytes("x"), new CancellationToken(canceled: true)));

        Assert.Null(await Read(Key));
    }

    [Fact]
    public async Task A_store_that_is_away_is_a_dependency_failure_that_names_the_object()
    {
        var failure = await Assert.ThrowsAsync<DependencyException>(
            () => OpenUnreachable().Put(Key, Bytes("x"), Cancellation));

        Assert.Equal(Dependency.History, failure.Dependency);
        Assert.Contains(Key, failure.Message, StringComparison.Ordinal);
    }

    private protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
