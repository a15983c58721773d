using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>Keeps the ledger as the grain does: fenced by run and attempt, one write per report.</summary>
internal sealed class PretendDatasetGrain(Mishaps mishaps) : ISearchDatasetGrain
{
    public DatasetLedger Ledger { get; set; } = new();

    public string RunId { get; set; } = "";

    public int Attempt { get; set; }

    public bool IsOpen { get; set; }

    /// <summary>The spec or an annotation changed since the run was opened.</summary>
    public bool IsEdited { get; set; }

    public List<UpdateEnd> Ends { get; } = [];

    /// <summary>Every ledger that was stored, oldest first.</summary>
    public List<DatasetLedger> Stored { get; } = [];

    /// <summary>Called with each stored ledger.</summary>
    public Action<DatasetLedger> OnStored { get; set; } = _ => { };

    public Task<bool> Checkpoint(string runId, int attempt, RunReport report, CancellationToken cancellationToken) => Do(() =>
    {
        if (!IsOpen || runId != RunId || attempt != Attempt || IsEdited)
        {
            return false;
        }

        Store(report);
        return true;
    });

    public Task Complete(string runId, int attempt, RunReport report, CancellationToken cancellationToken) => Do(() =>
    {
        if (IsOpen && runId == RunId && attempt == Attempt)
        {
            IsOpen = false;
            Store(report);
        }

        return true;
    });

    public Task Observe(Manifest manifest, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task Vanished(string? deletedUid, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Repairs> Wake(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Repairs> Rewrite(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> Describe(CancellationToken cancellationToken) => throw new NotSupportedException();

    private void Store(RunReport report)
    {
        Ledger = report.Ledger;
        Stored.Add(report.Ledger);
        if (report.Ended is { } ended)
        {
            Ends.Add(ended);
        }

        OnStored(report.Ledger);
    }

    private Task<bool> Do(Func<bool> effect)
    {
        try
        {
            return Task.FromResult(mishaps.At(effect));
        }
        catch (Exception failure)
        {
            return Task.FromException<bool>(failure);
        }
    }
}

/// <summary>A cluster's grain that says what the test wants said.</summary>
internal sealed class PretendClusterGrain : ISearchClusterGrain
{
    public ClusterAccess? Said { get; set; } = new()
    {
        Spec = """{"endpoints":["http://search-a:9200"]}""", PinnedUuid = "cluster-1", Verdict = Verdict.Healthy,
    };

    public Task<ClusterAccess?> Access(CancellationToken cancellationToken) => Task.FromResult(Said);

    public Task Complete(string runId, int attempt, CheckOutcome outcome, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task Observe(Manifest manifest, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task Vanished(string? deletedUid, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Repairs> Wake(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Repairs> Rewrite(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> Describe(CancellationToken cancellationToken) => throw new NotSupportedException();
}
