using System.Net;

namespace ClusterGrains.Clusters;

/// <summary>What a probe measures with.</summary>
internal sealed class ProbeInstruments(TimeProvider time, ClustersMetrics metrics, ILogger<ClusterProbe> logger)
{
    public TimeProvider Time => time;

    public void Asked(ClusterRequest request, StepResult result, TimeSpan elapsed)
    {
        metrics.Asked(request.Step, result.Outcome, elapsed);
        if (result.Outcome is not StepOutcome.Ok)
        {
            logger.StepFailed(request.Step, result.Outcome, result.Detail);
        }
    }

    /// <summary>No answer may end a probe, so what we did not think of is a bad answer, and loud in the log.</summary>
    public StepResult Unforeseen(ClusterRequest request, Exception failure)
    {
        logger.Unforeseen(failure, request.Step);
        return new(StepOutcome.BadBody, Detail: failure.GetType().Name);
    }
}
