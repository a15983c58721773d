using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace ClusterGrains.Clusters;

/// <summary>
/// Which addresses endpoints may lead to. Users choose the endpoints, so without this the operator would fetch for them
/// what only the node or the cloud account may see. Private networks are where search clusters live, and allowed.
/// </summary>
internal static class AddressGuard
{
    /// <summary>Whatever the operator's settings are. The NetworkPolicy shuts off those that are link-local or metadata, too.</summary>
    public static readonly ImmutableArray<(IPNetwork Network, string Why)> Refused =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "unspecified"),
        (IPNetwork.Parse("169.254.0.0/16"), "link-local, cloud metadata"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved or broadcast"),
        (IPNetwork.Parse("::/128"), "unspecified"),
        (IPNetwork.Parse("fe80::/10"), "link-local"),
        (IPNetwork.Parse("ff00::/8"), "multicast"),
        (IPNetwork.Parse("fec0::/10"), "site-local"),
        (IPNetwork.Parse("2001::/32"), "Teredo"),

        // Where its IPv4 address lies depends on a prefix length that only the network knows.
        (IPNetwork.Parse("64:ff9b:1::/48"), "local NAT64"),

        // Metadata services outside the link-local ranges: Alibaba, Oracle, Azure's wire server; over IPv6 AWS, Google, Oracle,
        // Scaleway, Linode, Alibaba.
        (IPNetwork.Parse("100.100.100.200/32"), "cloud metadata"),
        (IPNetwork.Parse("192.0.0.192/32"), "cloud metadata"),
        (IPNetwork.Parse("168.63.129.16/32"), "cloud metadata"),
        (IPNetwork.Parse("fd00:ec2::/32"), "cloud metadata"),
        (IPNetwork.Parse("fd20:ce::254/128"), "cloud metadata"),
        (IPNetwork.Parse("fd00:c1::a9fe:a9fe/128"), "cloud metadata"),
        (IPNetwork.Parse("fd00:42::42/128"), "cloud metadata"),
        (IPNetwork.Parse("fd00:a9fe:a9fe::1/128"), "cloud metadata"),
        (IPNetwork.Parse("fd00:100::100:200/128"), "cloud metadata"),
    ];

    private static readonly (IPNetwork Network, int Offset)[] CarriersOfIPv4 =
    [
        (IPNetwork.Parse("::ffff:0:0/96"), 12),
        (IPNetwork.Parse("::/96"), 12),
        (IPNetwork.Parse("::ffff:0:0:0/96"), 12),
        (IPNetwork.Parse("64:ff9b::/96"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
    ];

    public const string UnlessAllowed =
        $", allowed only by the operator's setting {EndpointOptions.Section}:{nameof(EndpointOptions.AllowLoopback)}";

    /// <summary>Why not; null when it may be connected to.</summary>
    public static string? Refusal(IPAddress address, bool allowLoopback)
    {
        // Without the scope, which no network below has.
        var bare = address.AddressFamily is AddressFamily.InterNetworkV6 ? new IPAddress(address.GetAddressBytes()) : address;
        if (IPAddress.IsLoopback(bare))
        {
            return allowLoopback ? null : "loopback" + UnlessAllowed;
        }

        foreach (var (network, why) in Refused)
        {
            if (network.Contains(bare))
            {
                return why;
            }
        }

        return Carried(bare) is { } inner ? Refusal(inner, allowLoopback) : null;
    }

    // An IPv6 form that routes to an IPv4 address is that address.
    private static IPAddress? Carried(IPAddress address)
    {
        if (address.AddressFamily is not AddressFamily.InterNetworkV6)
        {
            return null;
        }

        var bytes = address.GetAddressBytes();
        foreach (var (network, offset) in CarriersOfIPv4)
        {
            if (network.Contains(address))
            {
                return new IPAddress(bytes.AsSpan(offset, 4));
            }
        }

        var isatap = bytes[8] is 0 or 2 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
        return isatap ? new IPAddress(bytes.AsSpan(12, 4)) : null;
    }
}
