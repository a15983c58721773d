namespace ClusterGrains.Tests.Watch;

/// <summary>The real clock, so much later.</summary>
internal sealed class ShiftedTime(TimeSpan later) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + later;
}
