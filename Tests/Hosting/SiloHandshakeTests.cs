using System.Net;
using ClusterGrains.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.Hosting;

/// <summary>Whoever connects to a silo and says nothing, under a clock that stands.</summary>
public sealed class SiloHandshakeTests : IDisposable
{
    private static readonly IPAddress Stranger = IPAddress.Parse("10.0.0.66");
    private static readonly IPAddress Other = IPAddress.Parse("10.0.0.67");
    private static readonly IPAddress Silo = IPAddress.Parse("10.0.0.7");

    // Only for a test that fails.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly SiloTlsFolder _files = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_gets_in_while_every_place_is_taken_by_who_says_nothing()
    {
        var tls = _files.Tls(_time);
        var silent = Silent(tls, Stranger, Handshakes.Max);
        var silo = new Wire(Silo);

        await Task.WhenAll(tls.Accept(silo.Accepted, Wire.Greet), tls.Connect(silo.Opened, Wire.Greet)).WaitAsync(Limit, Cancellation);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => silent[0].WaitAsync(Limit, Cancellation));
        Assert.All(silent[1..], stranger => Assert.False(stranger.IsCompleted));
        await End(silent);
    }

    [Fact]
    public async Task Who_has_the_most_makes_room_and_not_a_silo_that_is_slow()
    {
        var tls = _files.Tls(_time);
        var silo = new Wire(Silo);
        var accepting = tls.Accept(silo.Accepted, Wire.Greet);
        var few = Silent(tls, Other, 10);
        var many = Silent(tls, Stranger, 3 * Handshakes.Max);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => many[(2 * Handshakes.Max) + 10].WaitAsync(Limit, Cancellation));
        await Task.WhenAll(accepting, tls.Connect(silo.Opened, Wire.Greet)).WaitAsync(Limit, Cancellation);

        Assert.All(few, stranger => Assert.False(stranger.IsCompleted));
        Assert.Equal(Handshakes.Max - 10 - 1, many.Count(stranger => !stranger.IsCompleted));
        await End([.. few, .. many]);
    }

    [Fact]
    public async Task A_handshake_has_its_time_whichever_end_waits()
    {
        var tls = _files.Tls(_time);
        var accepting = Assert.Single(Silent(tls, Stranger, 1));
        var connecting = tls.Connect(new Wire(Silo).Opened, Wire.Refuse);

        _time.Advance(Handshakes.Timeout - TimeSpan.FromMilliseconds(1));
        Assert.False(accepting.IsCompleted || connecting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting.WaitAsync(Limit, Cancellation));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(Limit, Cancellation));
    }

    public void Dispose() => _files.Dispose();

    private static Task[] Silent(SiloTls tls, IPAddress from, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => tls.Accept(new Wire(from).Accepted, Wire.Refuse))];

    private async Task End(Task[] silent)
    {
        _time.Advance(Handshakes.Timeout);
        foreach (var stranger in silent)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stranger.WaitAsync(Limit, Cancellation));
        }
    }
}
