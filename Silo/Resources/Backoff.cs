namespace ClusterGrains.Resources;

/// <summary>
/// Waits between attempts against the API server: doubling from 0.5 s to 30 s, with jitter so that silos that fail
/// together do not come back together.
/// </summary>
internal sealed class Backoff
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>A server may ask for more patience than <see cref="Longest"/>, up to this.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Attempts that failed in a row.</summary>
    public int Failures { get; private set; }

    public void Reset() => Failures = 0;

    /// <param name="retryAfter">What the server asked for; never undercut, within <see cref="Patience"/>.</param>
    public TimeSpan Next(TimeSpan? retryAfter = null)
    {
        var doubled = First * Math.Pow(2, Math.Min(Failures++, 10));
        var wait = (doubled < Longest ? doubled : Longest) * (0.5 + (Random.Shared.NextDouble() / 2));
        var asked = retryAfter is { } patience && patience < Patience ? patience : retryAfter is null ? TimeSpan.Zero : Patience;
        return wait > asked ? wait : asked;
    }
}
