using System.Net.Sockets;

namespace ClusterGrains.Clusters;

/// <summary>Socket errors in words that are the same on every system.</summary>
internal static class Words
{
    public static string Of(SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset",
        SocketError.HostNotFound or SocketError.NoData => "no such name",
        SocketError.TryAgain => "the name server did not answer",
        SocketError.NetworkUnreachable => "network unreachable",
        SocketError.HostUnreachable => "host unreachable",
        SocketError.TimedOut => "no answer to the connection attempt",
        var other => other.ToString(),
    };
}
