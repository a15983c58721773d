using System.Collections.Concurrent;
using Orleans.Runtime;

namespace ClusterGrains.Tests.Resources;

/// <summary>Every grain's latest activation, so that it can be ended for reasons that only Orleans has.</summary>
internal sealed class Activations : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<GrainId, IGrainContext> _latest = [];

    public Task Invoke(IIncomingGrainCallContext context)
    {
        _latest[context.TargetId] = context.TargetContext;
        return context.Invoke();
    }

    public Task End(GrainId grain, DeactivationReasonCode reason)
    {
        var context = _latest[grain];
        context.Deactivate(new DeactivationReason(reason, "A test wants it."), CancellationToken.None);
        return context.Deactivated;
    }
}
