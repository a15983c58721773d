using System.Collections.Immutable;
using ClusterGrains.Clusters;

namespace ClusterGrains.Datasets;

/// <summary>A run under way: what it found, and the ledger it hands on. Every write of the ledger is a fence.</summary>
internal sealed class LiveRun(UpdateRun run, UpdatePorts ports, CancellationToken budget, CancellationToken lifetime)
    : IAsyncDisposable
{
    private const int MaxFences = 3;

    /// <summary>Less than a successor takes to get anywhere: its run begins once this one said nothing for minutes.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private DateTimeOffset _written = ports.Time.GetUtcNow();
    private ISourceSession? _source;
    private IIndexSession? _cluster;

    public UpdateRun Run => run;

    public SearchDatasetSpec Spec => run.Spec;

    public UpdatePorts Ports => ports;

    public CancellationToken Budget => budget;

    public CancellationToken Lifetime => lifetime;

    public DateTimeOffset Now => ports.Time.GetUtcNow();

    public DatasetLedger Ledger { get; private set; } = run.Ledger.Hearing(run);

    public Candidate Candidate => Ledger.Candidate ?? throw new InvalidOperationException("There is no candidate.");

    /// <summary>Of an index that belongs to this dataset.</summary>
    public string Prefix => $"{run.Spec.Alias}-";

    public VersionNames Names { get; } = new(run.Spec.Source);

    /// <summary>Complete versions, oldest first; null when the source could not be looked at.</summary>
    public ImmutableArray<string>? Versions { get; set; }

    /// <summary>Why <see cref="Versions"/> is null.</summary>
    public DependencyException? SourceFailure { get; set; }

    /// <summary>What the alias showed when this run began.</summary>
    public AliasView Alias { get; set; } = new(false, []);

    /// <summary>The indices under <see cref="Prefix"/> when this run began.</summary>
    public ImmutableArray<IndexView> Indices { get; set; } = [];

    public ISourceSession Source => _source ?? throw SourceFailure
        ?? throw new InvalidOperationException("The source was not opened.");

    public IIndexSession Cluster => _cluster ?? throw new InvalidOperationException("No cluster was found.");

    public async Task OpenSource() => _source ??= await ports.Sources.Open(run.Key.Namespace, run.Spec.Source, budget);

    public async Task Connect(SearchClusterSpec cluster) =>
        _cluster ??= await ports.Clusters.Connect(run.Key.Namespace, cluster, budget);

    /// <summary>Kept in memory; goes with the next write.</summary>
    public void Note(DatasetLedger ledger) => Ledger = ledger;

    /// <summary>
    /// Makes sure that this is still the open run, before an effect. A process that slept meanwhile may have a successor that
    /// went on since: the answer counts only while it is fresh.
    /// </summary>
    public async Task Fence()
    {
        for (var attempt = 0; attempt < MaxFences; attempt++)
        {
            var asked = Now;
            await Save(Ledger);
            if (Now - asked < Fresh)
            {
                return;
            }
        }

        throw new HaltException(Halt.Fenced, "", "The ledger is stored too slowly to rely on.");
    }

    public Task Save(Candidate candidate) => Save(Ledger with { Candidate = candidate });

    /// <summary>Stores the ledger. When it returns, the effect that the ledger announces may follow.</summary>
    /// <exception cref="HaltException">Fenced, or nobody knows.</exception>
    public async Task Save(DatasetLedger next)
    {
        next = Clocked(LedgerMoves.Unblocked(Ledger, next));
        bool open;
        try
        {
            // Not bound to the budget: a report that was cut off half-way leaves nobody knowing what is stored.
            open = await run.Grain.Checkpoint(run.RunId, run.Attempt, new RunReport(next), lifetime);
        }
        catch (Exception failure) when (!lifetime.IsCancellationRequested)
        {
            throw new HaltException(Halt.Lost, "", "A checkpoint was not answered.", failure);
        }

        if (open || !LedgerMoves.IsIntent(Ledger, next))
        {
            Ledger = next;
        }

        if (!open)
        {
            throw new HaltException(Halt.Fenced, "", "This run is not the open one any more, or its spec changed.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    /// <summary>Counts the time since the last write, for a ledger that is about to be the last one.</summary>
    public void Clock() => Ledger = Clocked(Ledger);

    /// <summary>Counts the time since the last write to the step it was spent in.</summary>
    private DatasetLedger Clocked(DatasetLedger next)
    {
        var (since, now) = (_written, Now);
        _written = now;
        if (next.Candidate is not { } candidate)
        {
            return next;
        }

        var step = (Ledger.Candidate?.Step ?? UpdateStep.Plan).ToString();
        var seconds = candidate.Seconds.GetValueOrDefault(step) + (now - since).TotalSeconds;
        return next with { Candidate = candidate with { Seconds = candidate.Seconds.SetItem(step, Math.Round(seconds, 3)) } };
    }
}
