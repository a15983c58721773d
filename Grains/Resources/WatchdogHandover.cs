using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ClusterGrains.Resources;

/// <summary>
/// Whenever a silo comes or goes, reminders move between silos, and one that falls due on its way would only tick at its next
/// slot. So for a while after each change every silo wakes what is due and was not begun, long before that is late.
/// </summary>
internal sealed class WatchdogHandover(WatchdogContext context, ISiloStatusOracle silos, ILogger<WatchdogHandover> logger)
    : SiloLoop("The look for what reminders missed on their way", context.Time, logger), ISiloStatusListener
{
    private const int PausesPerReading = 4;

    /// <summary>Several changes at once are one.</summary>
    private readonly Channel<SiloStatus> _changes = Channel.CreateBounded<SiloStatus>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Under way; also those that an earlier change began.</summary>
    private readonly List<Task> _rounds = [];

    private TimeSpan _reading;

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
        var began = context.Time.GetTimestamp();
        var rows = await context.AllRows(cancellationToken);
        _reading = context.Time.GetElapsedTime(began);
        var due = context.Time.GetUtcNow() - context.Options.HandoverGrace;
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
            await Task.WhenAll(_rounds).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// From a change until the silos have read the reminders that are theirs now; another change begins anew. A round may hang
    /// on a silo that is just ending; the next ones do not wait for it.
    /// </summary>
    private async Task Follow(CancellationToken cancellationToken)
    {
        var (time, options) = (context.Time, context.Options);
        for (var since = time.GetTimestamp(); time.GetElapsedTime(since) < options.HandoverTime;)
        {
            if (_rounds.Count < options.HandoverRounds)
            {
                _rounds.Add(Try(Round, cancellationToken));
            }

            await Task.Delay(Pause(), time, cancellationToken);
            _rounds.RemoveAll(round => round.IsCompleted);
            since = _changes.Reader.TryRead(out _) ? time.GetTimestamp() : since;
        }
    }

    /// <summary>All rows are read: the more there are, the more seldom.</summary>
    private TimeSpan Pause()
    {
        var (pause, longest) = (_reading * PausesPerReading, context.Options.HandoverMaxPause);
        return pause < context.Options.HandoverPause ? context.Options.HandoverPause : pause < longest ? pause : longest;
    }
}
