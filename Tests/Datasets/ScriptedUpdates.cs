using System.Collections.Concurrent;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Resources;

namespace ClusterGrains.Tests.Datasets;

/// <summary>Runs of datasets that do nothing by themselves: the test reports for them.</summary>
internal sealed class ScriptedUpdates
{
    private readonly ConcurrentDictionary<ResourceKey, ConcurrentQueue<ScriptedRun>> _waiting = new();
    private readonly ConcurrentDictionary<ResourceKey, int> _begun = new();
    private readonly Signal _signal = new();

    public Task Run(UpdateRun run, CancellationToken budget, CancellationToken lifetime)
    {
        var scripted = new ScriptedRun(run, budget);
        _begun.AddOrUpdate(run.Key, 1, (_, count) => count + 1);
        _waiting.GetOrAdd(run.Key, _ => new()).Enqueue(scripted);
        _signal.Changed();
        return scripted.End.WaitAsync(lifetime);
    }

    public int Begun(ResourceKey key) => _begun.GetValueOrDefault(key);

    /// <summary>The next run of a dataset that the test has not seen.</summary>
    public Task<ScriptedRun> Next(ResourceKey key) => _signal.Await(
        () => _waiting.TryGetValue(key, out var runs) && runs.TryDequeue(out var run) ? run : null, $"another run of {key}");
}

/// <summary>One run, whose word is the test's.</summary>
internal sealed class ScriptedRun(UpdateRun run, CancellationToken budget)
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public UpdateRun Run => run;

    public CancellationToken Budget => budget;

    public Task End => _end.Task;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Task<bool> Checkpoint(DatasetLedger ledger, UpdateEnd? ended = null) =>
        run.Grain.Checkpoint(run.RunId, run.Attempt, new RunReport(ledger, ended), Cancellation);

    public async Task Complete(DatasetLedger ledger, UpdateEnd? ended = null)
    {
        await run.Grain.Complete(run.RunId, run.Attempt, new RunReport(ledger, ended), Cancellation);
        _end.TrySetResult();
    }

    /// <summary>Ends without a word, as a fault of ours would.</summary>
    public void Break() => _end.TrySetException(new InvalidOperationException("The run broke."));
}
