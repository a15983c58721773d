using System.Diagnostics;
using OpenTelemetry.Trace;

namespace ClusterGrains.Telemetry;

/// <summary>
/// A trace begins with something that happened: an edit, a tick. What silos ask each other, the API server and the storage all
/// the time begins none.
/// </summary>
internal sealed class EventSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler _ratio = new(ratio);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        if (parent.TraceId != default)
        {
            return new SamplingResult(parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded));
        }

        return samplingParameters.Kind is ActivityKind.Consumer ? _ratio.ShouldSample(samplingParameters) : new SamplingResult(false);
    }
}
