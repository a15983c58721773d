using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ClusterGrains.Resources;

/// <summary>
/// When a resource runs. Time is cut into slots of one interval, shifted by a hash of the uid so that a fleet does not
/// run in step. A slot is named by its start.
/// </summary>
/// <param name="Interval">Length of a slot; positive.</param>
/// <param name="Timeout">Budget of one run, from its admission.</param>
/// <param name="StaleAfter">Without a fresh answer for this long the verdict is Unknown.</param>
/// <param name="Suspended">No runs at all.</param>
public sealed record Schedule(TimeSpan Interval, TimeSpan Timeout, TimeSpan StaleAfter, bool Suspended)
{
    /// <summary>How long a run may go on without a word; its whole budget where it reports only at its end.</summary>
    public TimeSpan Patience { get; init; } = Timeout;

    /// <summary>The start of the slot that holds <paramref name="now"/>.</summary>
    public DateTimeOffset Slot(string uid, DateTimeOffset now)
    {
        var offset = Offset(uid);
        var ticks = now.UtcTicks - offset;
        return new DateTimeOffset(ticks - (ticks % Interval.Ticks) + offset, TimeSpan.Zero);
    }

    public DateTimeOffset NextSlot(string uid, DateTimeOffset now) => Slot(uid, now) + Interval;

    private long Offset(string uid)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(uid));
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)Interval.Ticks);
    }
}
