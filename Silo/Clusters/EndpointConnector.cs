using System.Net;
using System.Net.Sockets;

namespace ClusterGrains.Clusters;

/// <summary>From a name to its addresses.</summary>
internal delegate Task<IPAddress[]> NameResolver(string host, CancellationToken cancellationToken);

/// <summary>
/// Opens connections to endpoints. Resolves the name itself and connects to the very address it has checked, so there is
/// no moment in which the name could come to mean another one.
/// </summary>
internal sealed class EndpointConnector(NameResolver resolve, bool allowLoopback)
{
    /// <summary>More addresses of one name are not tried.</summary>
    private const int MaxAddresses = 8;

    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        Exception? failure = null;
        foreach (var address in await Allowed(target.Host, cancellationToken))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, target.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException unreachable)
            {
                socket.Dispose();
                failure = new EndpointUnreachableException(new IPEndPoint(address, target.Port), unreachable);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure!;
    }

    private async Task<IReadOnlyList<IPAddress>> Allowed(string host, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Resolve(host, cancellationToken);
        string? refusal = null;
        var allowed = new List<IPAddress>();
        foreach (var address in addresses.Take(MaxAddresses))
        {
            if ((AddressGuard.Refusal(address, allowLoopback) ?? Own(address)) is { } why)
            {
                refusal = $"{address}: {why}";
            }
            else
            {
                allowed.Add(address);
            }
        }

        return (allowed, refusal) switch
        {
            ({ Count: > 0 }, _) => allowed,
            (_, not null) => throw new AddressRefusedException(refusal),
            _ => throw new NameUnresolvedException("no addresses", null),
        };
    }

    /// <summary>
    /// An address of this machine is loopback by another name: in a cluster that of the operator's own pod, with the port by
    /// which silos trust each other.
    /// </summary>
    private string? Own(IPAddress address)
    {
        if (allowLoopback)
        {
            return null;
        }

        try
        {
            // Only an address of this machine can be bound to.
            var bare = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            using var socket = new Socket(bare.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(bare, 0));
            return "an address of the operator's own machine" + AddressGuard.UnlessAllowed;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private async Task<IPAddress[]> Resolve(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await resolve(host, cancellationToken);
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            throw new NameUnresolvedException(failure is SocketException socket ? Words.Of(socket) : "not a host name", failure);
        }
    }
}

/// <summary>Every address of the name is one that <see cref="AddressGuard"/> refuses.</summary>
internal sealed class AddressRefusedException(string message) : Exception(message);

/// <summary>The name has no address.</summary>
internal sealed class NameUnresolvedException(string message, Exception? cause) : Exception(message, cause);

/// <summary>An allowed address did not take the connection.</summary>
internal sealed class EndpointUnreachableException(IPEndPoint address, SocketException cause)
    : Exception($"{address}: {Words.Of(cause)}", cause);
