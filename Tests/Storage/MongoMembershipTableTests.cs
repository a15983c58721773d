using ClusterGrains.Storage;
using ClusterGrains.Tests.MongoDouble;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace ClusterGrains.Tests.Storage;

public abstract class MongoMembershipTableTests(MongoServer server) : MembershipTableContract, IAsyncLifetime
{
    private readonly TestMongo _test = TestMongo.On(server);
    private TestMongo _other = null!;

    private protected override IMembershipTable Table => _test.Membership;

    private protected override string ClusterId => _test.Id;

    public async ValueTask InitializeAsync()
    {
        await _test.Open();
        _other = await _test.Neighbour().Open();
        await Table.InitializeMembershipTableAsync(tryInitTableVersion: true, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Gateways_are_the_Active_silos_that_have_a_port_for_clients()
    {
        var closed = Entry(Silo(2));
        closed.ProxyPort = 0;
        await Insert(Entry(Silo(1)));
        await Insert(closed);
        await Insert(Entry(Silo(3), SiloStatus.Dead));
        var list = new MongoGatewayList(Table, Options.Create(new GatewayOptions()));

        var gateways = await list.GetGatewaysAsync(TestContext.Current.CancellationToken);

        Assert.Equal("gwy.tcp://127.0.0.1:30000/1", Assert.Single(gateways).ToString());
        Assert.Equal(TimeSpan.FromMinutes(1), list.MaxStaleness);
    }

    public ValueTask DisposeAsync()
    {
        _test.Dispose();
        _other.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected override IMembershipTable OtherTable() => _other.Membership;
}
