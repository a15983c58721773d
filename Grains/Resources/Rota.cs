namespace ClusterGrains.Resources;

/// <summary>
/// Shares periodic work out among the silos without a word between them: the wall clock is cut into slots, and in each slot
/// it is the turn of one active silo, in the order of their addresses. While membership changes a slot may be missed or
/// taken twice, so the work must bear both.
/// </summary>
internal sealed class Rota(ISiloStatusOracle silos, TimeProvider time)
{
    /// <summary>Returns at the beginning of the next slot that is this silo's turn.</summary>
    /// <param name="slot">The length of a slot.</param>
    public async Task NextTurn(TimeSpan slot, CancellationToken cancellationToken)
    {
        var last = Number(slot);
        while (Number(slot) == last || !IsMine(Number(slot)))
        {
            last = Number(slot);
            var begins = new DateTimeOffset((last + 1) * slot.Ticks, TimeSpan.Zero);

            // Rounded up: delays are cut to milliseconds, and one that ends too early would begin again and again. The slot may
            // have begun since it was looked at.
            var wait = Math.Max(1, Math.Ceiling((begins - time.GetUtcNow()).TotalMilliseconds));
            await Task.Delay(TimeSpan.FromMilliseconds(wait), time, cancellationToken);
        }
    }

    private long Number(TimeSpan slot) => time.GetUtcNow().UtcTicks / slot.Ticks;

    private bool IsMine(long slot)
    {
        var active = silos.GetActiveSilos().Order().ToList();
        var rank = active.IndexOf(silos.SiloAddress);
        return rank >= 0 && rank == slot % active.Count;
    }
}
