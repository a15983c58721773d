using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Resources;

/// <summary>
/// Whenever a silo comes or goes, reminders move between silos, and one that falls due on its way would only tick at its next
/// slot. So for a while after each change every silo wakes what is due and was not begun, long before that is late.
/// </summary>
internal sealed class WatchdogHandover(WatchdogContext context, ISiloStatusOracle silos, ILogger<WatchdogHandover> logger)
    : WatchdogLoop("The look for what reminders missed on their way", logger), ISiloStatusListener
{
    private const int PausesPerRound = 4;

    /// <summary>Several changes at once are one.</summary>
    private readonly Channel<SiloStatus> _changes = Channel.CreateBounded<SiloStatus>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        // One that shuts down has given its reminders away before it is gone.
        if (status is not (SiloStatus.Created or SiloStatus.Joining) && !updatedSilo.Equals(silos.SiloAddress))
        {
            _changes.Writer.TryWrite(status);
        }
    }

    /// <returns>What kept it from waking them all; null when it did.</returns>
    public async Task<string?> Round(CancellationToken cancellationToken)
    {
        var due = context.Time.GetUtcNow() - context.Options.HandoverGrace;
        var rows = await context.AllRows(cancellationToken);
        var missed = rows.Where(row => row.NextDue <= due && row.Phase != nameof(ResourcePhase.Retired));
        return (await context.Waker.Wake(context.Waker.Resources(missed), cancellationToken)).Problem;
    }

    protected override async Task Run(CancellationToken cancellationToken)
    {
        silos.SubscribeToSiloStatusEvents(this);
        try
        {
            await foreach (var _ in _changes.Reader.ReadAllAsync(cancellationToken))
            {
                await Follow(cancellationToken);
            }
        }
        finally
        {
            silos.UnSubscribeFromSiloStatusEvents(this);
        }
    }

    /// <summary>From a change until the silos have read the reminders that are theirs now; another change begins anew.</summary>
    private async Task Follow(CancellationToken cancellationToken)
    {
        var (time, since) = (context.Time, context.Time.GetTimestamp());
        while (time.GetElapsedTime(since) < context.Options.HandoverTime)
        {
            var began = time.GetTimestamp();
            await Try(Round, cancellationToken);

            // All rows are read: of many, seldom.
            var pause = time.GetElapsedTime(began) * PausesPerRound;
            await Task.Delay(pause > context.Options.HandoverPause ? pause : context.Options.HandoverPause, time, cancellationToken);
            since = _changes.Reader.TryRead(out _) ? time.GetTimestamp() : since;
        }
    }
}
