using System.Collections.Immutable;
using System.Text.Json;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.History;

/// <summary>Resources with their states and a store, both in memory, moved on by the real transitions, and the audit of them.</summary>
internal sealed class AuditWorld : IStateRows, IHistoryReader
{
    public const int Window = 7;

    private readonly SortedDictionary<string, ResourceState<SearchClusterWork>> _states = new(StringComparer.Ordinal);

    public AuditWorld() => Audit = new HistoryAudit(
        new HistoryMarks(this, NullLogger<HistoryMarks>.Instance), this, Clock, NullLogger<HistoryAudit>.Instance);

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));

    public HistoryAudit Audit { get; }

    public SortedDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Objects that a listing does not show yet; each listing of one takes it out.</summary>
    public HashSet<string> Unlisted { get; } = [];

    /// <summary>Names whose stored document is another one.</summary>
    public Dictionary<string, string> Damaged { get; } = [];

    /// <summary>Happens before each listing.</summary>
    public Action<string>? Listing { get; set; }

    public int Listings { get; private set; }

    /// <summary>What becomes of a document before it is read.</summary>
    public Func<string, string> Document { get; set; } = document => document;

    public ResourceState<SearchClusterWork> State(string name) => _states[name];

    /// <summary>Of one record that was stored.</summary>
    public string KeyOf(string uid, long seq, int line = 1) => Objects.Keys.Single(
        key => key.Contains($".{uid[..8]}/", StringComparison.Ordinal) && key.Contains($"-{line}-{seq}-", StringComparison.Ordinal));

    /// <summary>Begins an epoch under a name, new or not; returns its uid.</summary>
    public string Create(string name, string? uid = null)
    {
        uid ??= Guid.NewGuid().ToString();
        var state = _states.GetValueOrDefault(name) ?? new ResourceState<SearchClusterWork>();
        _states[name] = state.Begin(SearchClusters.Kind, new Manifest
        {
            Namespace = "prod", Name = name, Uid = uid, Generation = 1, ResourceVersion = "1", CreatedAt = Clock.GetUtcNow(), Spec = "{}",
        });
        return uid;
    }

    /// <summary>Records that are numbered and wait.</summary>
    public void Add(string name, int count = 1, RecordKind kind = RecordKind.Check, int bulk = 0)
    {
        for (var i = 0; i < count; i++)
        {
            Change(name, state => state.Append(Records.Check(state.Uid, bulk, seed: (int)state.Outbox.Seq) with
            {
                Record = kind,
                Target = Target(state),
                FinishedAt = Clock.GetUtcNow(),
                RunId = $"run{state.Outbox.Seq}",
            }));
        }
    }

    /// <summary>Records that arrive.</summary>
    public void Store(string name, int count = 1, RecordKind kind = RecordKind.Check)
    {
        Add(name, count, kind);
        Deliver(name);
    }

    /// <summary>The outbox drains.</summary>
    /// <param name="limit">Not more than so many, the oldest.</param>
    public void Deliver(string name, int limit = int.MaxValue)
    {
        foreach (var entry in State(name).Outbox.Entries.Take(limit).ToArray())
        {
            Objects.TryAdd(entry.Key, entry.Body);
            Change(name, state => state.Drop([entry.Key]));
        }
    }

    public void Delete(string name) => Change(name, state => state.Retire(Target(state), null, Clock.GetUtcNow()));

    public void Change(string name, Func<ResourceState<SearchClusterWork>, ResourceState<SearchClusterWork>> change) =>
        _states[name] = change(_states[name]);

    public void Purge(string name) => _states.Remove(name);

    public void Expire(Func<string, bool> which)
    {
        foreach (var key in Objects.Keys.Where(which).ToArray())
        {
            Objects.Remove(key);
        }
    }

    public void Days(double days) => Clock.Advance(TimeSpan.FromDays(days));

    /// <summary>The holes, each as <c>name line:from-to</c>.</summary>
    public async Task<IEnumerable<string>> Holes(int window = Window) =>
        from hole in (await Audit.Run(window, TestContext.Current.CancellationToken)).Holes
        from range in hole.Ranges
        select $"{hole.Mark.Key.Name} {range.Line}:{range.FromSeq}-{range.ToSeq}";

    public Task<IReadOnlyList<StateRow>> Page(StateKey? after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StateRow>>(
        [
            .. _states.Where(state => string.CompareOrdinal(state.Key, after?.GrainId) > 0).Take(limit).Select(state => new StateRow(
                new StateKey(state.Key, "searchcluster"),
                "etag",
                1,
                state.Value.Index,
                Damaged.GetValueOrDefault(state.Key)
                    ?? Document(JsonSerializer.Serialize(state.Value, SearchClusterJson.Default.ResourceStateSearchClusterWork)))),
        ]);

    public Task<HistoryPage> List(string prefix, string? continuation, CancellationToken cancellationToken)
    {
        lock (Objects)
        {
            Listings++;
            Listing?.Invoke(prefix);
            var keys = Objects.Keys
                .Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, continuation) > 0)
                .Take(4).ToArray();
            return Task.FromResult(new HistoryPage([.. keys.Where(key => !Unlisted.Remove(key))], keys.Length == 4 ? keys[^1] : null));
        }
    }

    public Task<byte[]?> Read(string key, CancellationToken cancellationToken)
    {
        lock (Objects)
        {
            return Task.FromResult(Objects.GetValueOrDefault(key));
        }
    }

    private static HistoryTarget Target(ResourceState<SearchClusterWork> state) =>
        new(state.Kind, state.Manifest!.Namespace, state.Manifest.Name, state.Uid, null, null, null);
}
