using ClusterGrains.Resources;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Clusters;

/// <summary>One check: gather once, then judge purely. Knows no grain; its outcome is always worth reporting.</summary>
internal sealed class CheckWorkflow(IClusterProbe probe, TimeProvider time, ILogger<CheckWorkflow> logger)
{
    /// <param name="budget">Ends with the check's budget: what was gathered by then is lost, and the outcome says so.</param>
    /// <param name="lifetime">Ends with the activation; only this one is thrown.</param>
    public async Task<CheckOutcome> Run(
        string resourceNamespace, string acceptedSpec, string? pinnedUuid, CancellationToken budget, CancellationToken lifetime)
    {
        using var span = ClusterTraces.Probe();
        var outcome = await Check(resourceNamespace, acceptedSpec, pinnedUuid, budget, lifetime);
        span.Ended(outcome);
        return outcome;
    }

    private async Task<CheckOutcome> Check(
        string resourceNamespace, string acceptedSpec, string? pinnedUuid, CancellationToken budget, CancellationToken lifetime)
    {
        var spec = ClusterSpecs.Read(acceptedSpec, TimeSpan.Zero).Spec!;
        try
        {
            // Waited for no longer than the budget, even if something below does not heed the token: a check that never
            // ended would be the resource's last.
            var facts = await probe.Probe(resourceNamespace, spec, budget).WaitAsync(budget);
            return ClusterChecks.Judge(spec, facts, pinnedUuid, time.GetUtcNow());
        }
        catch (OperationCanceledException) when (!lifetime.IsCancellationRequested)
        {
            return Unanswered(FindingCodes.CheckTimedOut, $"The check did not end within its budget of {spec.Schedule.EffectiveTimeout.TotalSeconds} s; raise spec.schedule.timeout if the cluster is just slow.");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            logger.CheckBroke(failure, resourceNamespace);
            return Unanswered(FindingCodes.CheckFailed, $"The check itself failed ({failure.GetType().Name}); the silo's log has the details. Please report it.");
        }
    }

    private CheckOutcome Unanswered(string code, string message) => new()
    {
        FinishedAt = time.GetUtcNow(),
        Answered = false,
        Findings = [new Finding { Code = code, Severity = Severity.Warning, Message = message }],
    };
}
