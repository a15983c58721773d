using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Loading;

/// <summary>One item of a bulk request, as it arrived.</summary>
internal sealed record BulkDocument(string Id, string Text);

/// <summary>An index that takes bulk requests, unless it is told otherwise.</summary>
internal sealed class BulkIndex : IIndexSession
{
    private int _requests;
    private int _underWay;
    private long _bytesUnderWay;

    /// <summary>What it answers to a request (by its number, from 1); null: it takes everything.</summary>
    public Func<int, IReadOnlyList<BulkDocument>, Task<BulkAnswer?>> Answer { get; init; } = (_, _) => Task.FromResult<BulkAnswer?>(null);

    public ConcurrentDictionary<string, string> Documents { get; } = new(StringComparer.Ordinal);

    public int Requests => _requests;

    public int MostUnderWay { get; private set; }

    public long MostBytesUnderWay { get; private set; }

    public int LargestBody { get; private set; }

    /// <summary>Requests that are under way now.</summary>
    public int UnderWay => _underWay;

    public ClusterIdentity Identity => throw new NotSupportedException();

    public async Task<BulkAnswer> Bulk(string alias, ReadOnlyMemory<byte> body, int items, CancellationToken cancellationToken)
    {
        var request = Interlocked.Increment(ref _requests);
        lock (Documents)
        {
            MostUnderWay = Math.Max(MostUnderWay, ++_underWay);
            _bytesUnderWay += body.Length;
            MostBytesUnderWay = Math.Max(MostBytesUnderWay, _bytesUnderWay);
            LargestBody = Math.Max(LargestBody, body.Length);
        }

        try
        {
            var documents = Parse(body.Span);
            Assert.Equal(items, documents.Count);
            var answer = await Answer(request, documents) ?? BulkAnswer.AllTaken;
            cancellationToken.ThrowIfCancellationRequested();
            Take(documents, answer);
            return answer;
        }
        finally
        {
            lock (Documents)
            {
                _underWay--;
                _bytesUnderWay -= body.Length;
            }
        }
    }

    private void Take(List<BulkDocument> documents, BulkAnswer answer)
    {
        if (answer.Result != BulkResult.Taken)
        {
            return;
        }

        var failed = answer.Failed.Select(item => item.Position).ToHashSet();
        for (var position = 0; position < documents.Count; position++)
        {
            if (!failed.Contains(position))
            {
                Documents[documents[position].Id] = documents[position].Text;
            }
        }
    }

    private static List<BulkDocument> Parse(ReadOnlySpan<byte> body)
    {
        var lines = Encoding.UTF8.GetString(body).Split('\n');
        Assert.Equal("", lines[^1]);
        List<BulkDocument> documents = [];
        for (var line = 0; line < lines.Length - 1; line += 2)
        {
            using var action = JsonDocument.Parse(lines[line]);
            documents.Add(new BulkDocument(action.RootElement.GetProperty("index").GetProperty("_id").GetString()!, lines[line + 1]));
        }

        return documents;
    }

    public Task<ClusterIdentity> Identify(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<AliasView> Alias(string alias, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ImmutableArray<IndexView>> Indices(string prefix, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IndexView?> Find(string index, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<TemplateEffect> Simulate(string index, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ImmutableArray<NodeRoom>> Room(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<CreateAnswer> Create(string index, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> PointLoadAlias(IndexView index, string? alias, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task Configure(string index, ReadOnlyMemory<byte> settings, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task BlockWrites(string index, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task Mark(string index, IndexMark mark, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IndexHealth?> Health(string index, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task Refresh(string index, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IndexSize> Count(string index, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SearchAnswer> Search(string index, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<SwapAnswer> Swap(string alias, AliasTarget? from, string to, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> Delete(string index, string uuid, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
