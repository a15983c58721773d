using System.Diagnostics;
using ClusterGrains.Telemetry;
using OpenTelemetry.Trace;

namespace ClusterGrains.Tests.Telemetry;

public sealed class EventSamplerTests
{
    [Theory]
    [InlineData(ActivityKind.Consumer, true)]
    [InlineData(ActivityKind.Client, false)]
    [InlineData(ActivityKind.Server, false)]
    [InlineData(ActivityKind.Internal, false)]
    public void Only_an_event_begins_a_trace(ActivityKind kind, bool kept) =>
        Assert.Equal(kept, Kept(new EventSampler(1), kind, default));

    [Theory]
    [InlineData(ActivityTraceFlags.Recorded, true)]
    [InlineData(ActivityTraceFlags.None, false)]
    public void What_follows_is_kept_with_its_beginning(ActivityTraceFlags flags, bool kept)
    {
        var parent = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags);

        Assert.Equal(kept, Kept(new EventSampler(0.5), ActivityKind.Client, parent));
    }

    [Fact]
    public void The_ratio_is_the_part_of_the_traces_that_is_kept()
    {
        Assert.False(Kept(new EventSampler(0), ActivityKind.Consumer, default));

        var sampler = new EventSampler(0.25);
        Assert.InRange(Enumerable.Range(0, 4_000).Count(_ => Kept(sampler, ActivityKind.Consumer, default)), 700, 1_300);
    }

    private static bool Kept(EventSampler sampler, ActivityKind kind, ActivityContext parent)
    {
        var asked = new SamplingParameters(parent, ActivityTraceId.CreateRandom(), "name", kind);
        return sampler.ShouldSample(asked).Decision is SamplingDecision.RecordAndSample;
    }
}
