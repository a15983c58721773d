using ClusterGrains.History;

namespace ClusterGrains.Resources;

/// <summary>History as others see it: what an audit found, and how much waits in this silo.</summary>
internal abstract partial class ResourceGrain<TWork>
{
    private int _counted;

    public async Task Audited(string uid, MissingRecords? missing, CancellationToken cancellationToken)
    {
        if (State.Phase is not ResourcePhase.Active || State.Uid != uid)
        {
            return;
        }

        await Settle(cancellationToken);
        var known = State.MissingRecords;
        if (missing?.Numbers == known?.Numbers && missing?.Count == known?.Count)
        {
            return;
        }

        await Write(State with { MissingRecords = missing is null ? null : missing with { Since = known?.Since ?? missing.Since } });
        if (missing is not null)
        {
            var text = ResourceFindings.Text(missing);
            Context.Events.Record(new ResourceEvent(Kind, Key, uid, Warning: true, ResourceFindings.RecordsMissing, text));
        }
    }

    /// <summary>Brings this grain's part of the silo's backlog up to date.</summary>
    private void CountPending(int pending)
    {
        Context.Outboxes.Pending(pending - _counted);
        _counted = pending;
    }
}
