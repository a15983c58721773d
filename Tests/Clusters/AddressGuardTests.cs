using System.Net;
using ClusterGrains.Clusters;

namespace ClusterGrains.Tests.Clusters;

public sealed class AddressGuardTests
{
    [Theory]
    [InlineData("10.0.0.7")]
    [InlineData("172.16.4.1")]
    [InlineData("192.168.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("100.64.0.1")]
    [InlineData("2a00:1450:4001::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("::ffff:10.0.0.7")]
    [InlineData("64:ff9b::10.0.0.7")]
    public void Where_search_clusters_live_may_be_connected_to(string address) =>
        Assert.Null(AddressGuard.Refusal(IPAddress.Parse(address), allowLoopback: false));

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.0.1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%2")]
    [InlineData("febf::1")]
    [InlineData("fec0::1")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("::")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("255.255.255.255")]
    [InlineData("ff02::1")]
    [InlineData("100.100.100.200")]
    [InlineData("192.0.0.192")]
    [InlineData("168.63.129.16")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd00:ec2::23")]
    [InlineData("fd20:ce::254")]
    [InlineData("fd00:c1::a9fe:a9fe")]
    [InlineData("fd00:42::42")]
    [InlineData("fd00:a9fe:a9fe::1")]
    [InlineData("fd00:100::100:200")]
    [InlineData("64:ff9b:1:a9fe:a9:fe00::1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::169.254.169.254")]
    [InlineData("::ffff:0:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("2001:0:a9fe:a9fe::1")]
    [InlineData("fd00::5efe:a9fe:a9fe")]
    public void Where_only_the_node_or_the_cloud_account_should_look_is_refused_in_every_form(string address)
    {
        Assert.NotNull(AddressGuard.Refusal(IPAddress.Parse(address), allowLoopback: false));
        Assert.NotNull(AddressGuard.Refusal(IPAddress.Parse(address), allowLoopback: true));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.8.8")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    public void Loopback_is_for_the_setting_to_allow(string address)
    {
        Assert.Contains("Endpoints:AllowLoopback", AddressGuard.Refusal(IPAddress.Parse(address), allowLoopback: false), StringComparison.Ordinal);
        Assert.Null(AddressGuard.Refusal(IPAddress.Parse(address), allowLoopback: true));
    }
}
