using System.Collections.Concurrent;
using ClusterGrains.History;

namespace ClusterGrains.Tests.Resources;

/// <summary>A create-only store in memory that can be stopped.</summary>
internal sealed class PretendHistory : IHistoryStore
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    public Signal Signal { get; } = new();

    public volatile bool Down;

    public Task<PutOutcome> Put(string key, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (Down)
        {
            throw new DependencyException(Dependency.History, "The store is down.");
        }

        var bytes = body.ToArray();
        var stored = _objects.GetOrAdd(key, bytes);
        Signal.Changed();
        return Task.FromResult(
            ReferenceEquals(stored, bytes) ? PutOutcome.Created
            : stored.AsSpan().SequenceEqual(bytes) ? PutOutcome.AlreadyThere
            : PutOutcome.Different);
    }

    /// <summary>What is stored of one uid, in order of line and seq.</summary>
    public IReadOnlyList<HistoryRecord> Of(string uid) =>
    [
        .. _objects.Values.Select(HistoryObject.Open).Where(record => record.Target.Uid == uid)
            .OrderBy(record => record.Line).ThenBy(record => record.Seq),
    ];

    /// <summary>The first moment at which the records of a uid fit.</summary>
    public Task<IReadOnlyList<HistoryRecord>> Await(string uid, Func<IReadOnlyList<HistoryRecord>, bool> fits, string what) =>
        Signal.Await(
            () => Of(uid) is var records && fits(records) ? records : null,
            $"{uid}: {what}; stored {string.Join(", ", Of(uid).Select(r => $"{r.Line}.{r.Seq} {r.Record} {r.Outcome}"))}");
}
