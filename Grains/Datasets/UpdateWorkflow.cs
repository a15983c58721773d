namespace ClusterGrains.Datasets;

/// <summary>One run: looks at source and cluster, then brings the candidate as far as it goes.</summary>
internal sealed class UpdateWorkflow(TimeProvider time)
{
    /// <param name="budget">Ends with the run's budget.</param>
    /// <param name="lifetime">Ends with the activation; only this one is thrown.</param>
    public Task Run(UpdateRun run, CancellationToken budget, CancellationToken lifetime) =>
        run.Grain.Complete(run.RunId, run.Attempt, new RunReport(run.Ledger), time is null ? budget : lifetime);
}
