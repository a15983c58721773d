using System.IO.Pipelines;
using System.Net;
using ClusterGrains.Hosting;
using Microsoft.AspNetCore.Connections;

namespace ClusterGrains.Tests.Hosting;

/// <summary>A connection in memory: who accepted it, and who opened it.</summary>
internal sealed class Wire
{
    /// <param name="from">Whose it is, as who accepted it sees it.</param>
    public Wire(IPAddress from)
    {
        var (there, back) = (new Pipe(), new Pipe());
        Accepted = new DefaultConnectionContext("accepted") { Transport = new Ends(there.Reader, back.Writer), RemoteEndPoint = new IPEndPoint(from, 1) };
        Opened = new DefaultConnectionContext("opened") { Transport = new Ends(back.Reader, there.Writer) };
    }

    public ConnectionContext Accepted { get; }

    public ConnectionContext Opened { get; }

    /// <summary>One of the ends, for who does not know connections.</summary>
    public static Stream Stream(ConnectionContext end) => new TransportStream(end.Transport);

    /// <summary>What is served on a connection that is secured: each end hears the other.</summary>
    public static async Task Greet(ConnectionContext connection)
    {
        await connection.Transport.Output.WriteAsync(new byte[] { 1 }, TestContext.Current.CancellationToken);
        var heard = await connection.Transport.Input.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, heard.Buffer.Length);
        connection.Transport.Input.AdvanceTo(heard.Buffer.End);
    }

    /// <summary>Nobody gets as far as this.</summary>
    public static Task Refuse(ConnectionContext connection) => throw new InvalidOperationException("A stranger was let in.");

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
