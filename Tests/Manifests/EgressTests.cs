using System.Net;
using ClusterGrains.Clusters;
using k8s.Models;

namespace ClusterGrains.Tests.Manifests;

/// <summary>Where the pods must not connect to is said twice: by the silo, and by the NetworkPolicy for whoever takes it over.</summary>
public sealed class EgressTests
{
    public static TheoryData<string> Installations => ["k8s/base", "k8s/overlays/single", "k8s/overlays/ha"];

    [Theory]
    [MemberData(nameof(Installations))]
    public async Task What_the_policy_shuts_off_the_silo_refuses(string folder)
    {
        var shut = (await Blocks(folder)).SelectMany(block => block.Except ?? []).Select(IPNetwork.Parse).ToArray();

        Assert.NotEmpty(shut);
        Assert.All(shut, network => Assert.All(
            (IPAddress[])[network.BaseAddress, Last(network)],
            address => Assert.True(AddressGuard.Refusal(address, allowLoopback: true) is not null, $"The silo connects to {address} of {network}.")));
    }

    [Theory]
    [MemberData(nameof(Installations))]
    public async Task What_the_silo_refuses_as_link_local_or_metadata_the_policy_shuts_off(string folder)
    {
        var blocks = await Blocks(folder);
        var never = AddressGuard.Refused
            .Where(one => one.Why.Contains("link-local", StringComparison.Ordinal) || one.Why.Contains("metadata", StringComparison.Ordinal))
            .Select(one => one.Network)
            .ToArray();

        Assert.NotEmpty(never);
        foreach (var network in never)
        {
            var open = blocks.Where(block => Covers(IPNetwork.Parse(block.Cidr), network)).ToArray();
            Assert.True(open.Length > 0, $"No rule speaks of the family of {network}.");
            Assert.All(open, block => Assert.True(
                (block.Except ?? []).Any(shut => Covers(IPNetwork.Parse(shut), network)), $"The policy lets pods connect to {network}."));
        }
    }

    [Theory]
    [MemberData(nameof(Installations))]
    public async Task Only_name_servers_may_be_anywhere(string folder) => Assert.All(
        (await Rules(folder)).Where(rule => rule.To is null or []),
        rule => Assert.All(rule.Ports, port => Assert.Equal("53", port.Port.Value)));

    private static async Task<IReadOnlyList<V1NetworkPolicyEgressRule>> Rules(string folder) =>
        [.. (await Installation.Render(folder)).Objects.OfType<V1NetworkPolicy>().SelectMany(policy => policy.Spec.Egress ?? [])];

    private static async Task<IReadOnlyList<V1IPBlock>> Blocks(string folder) =>
        [.. (await Rules(folder)).SelectMany(rule => rule.To ?? []).Select(peer => peer.IpBlock).OfType<V1IPBlock>()];

    private static bool Covers(IPNetwork wide, IPNetwork narrow) =>
        wide.PrefixLength <= narrow.PrefixLength && wide.Contains(narrow.BaseAddress);

    private static IPAddress Last(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        for (var bit = network.PrefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }
}
