using System.Net;

namespace ClusterGrains.Hosting;

/// <summary>
/// Handshakes that are not over: each has its time, and there are only so many. One more ends the oldest of the address that has
/// the most: a silo is done in milliseconds and has few, whoever connects and says nothing makes room for others.
/// </summary>
internal sealed class Handshakes(TimeProvider time)
{
    public const int Max = 128;

    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly List<Unfinished> _oldestFirst = [];

    /// <exception cref="OperationCanceledException">It was not over in time, or had to make room.</exception>
    public async Task Run(EndPoint? peer, Func<CancellationToken, Task> handshake, CancellationToken closed)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, closed);
        var mine = new Unfinished((peer as IPEndPoint)?.Address, limit);
        Enter(mine);
        try
        {
            await handshake(limit.Token);
        }
        finally
        {
            Leave(mine);
        }
    }

    private void Enter(Unfinished mine)
    {
        lock (_gate)
        {
            if (_oldestFirst.Count >= Max)
            {
                var oldest = _oldestFirst.GroupBy(one => one.From).MaxBy(ofOne => ofOne.Count())!.First();
                _oldestFirst.Remove(oldest);

                // Here, where it cannot be disposed of meanwhile; whoever waits for it goes on elsewhere.
                _ = oldest.Limit.CancelAsync();
            }

            _oldestFirst.Add(mine);
        }
    }

    private void Leave(Unfinished mine)
    {
        lock (_gate)
        {
            _oldestFirst.Remove(mine);
        }
    }

    private sealed record Unfinished(IPAddress? From, CancellationTokenSource Limit);
}
