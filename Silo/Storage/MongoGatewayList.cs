using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Orleans.Configuration;
using Orleans.Messaging;

namespace ClusterGrains.Storage;

/// <summary>Where clients outside the silos knock: the Active silos with an open gateway.</summary>
internal sealed class MongoGatewayList(IMembershipTable membership, IOptions<GatewayOptions> gateways) : IGatewayListProvider
{
    public TimeSpan MaxStaleness => gateways.Value.GatewayListRefreshPeriod;

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProviderAsync(CancellationToken cancellationToken) =>
        membership.InitializeMembershipTableAsync(tryInitTableVersion: false, cancellationToken);

    public async Task<IList<Uri>> GetGatewaysAsync(CancellationToken cancellationToken)
    {
        var table = await membership.ReadAllAsync(cancellationToken);
        return
        [
            .. from member in table.Members
               let silo = member.Item1
               where silo.Status is SiloStatus.Active && silo.ProxyPort > 0
               select SiloAddress.New(silo.SiloAddress.Endpoint.Address, silo.ProxyPort, silo.SiloAddress.Generation).ToGatewayUri(),
        ];
    }

    // The interface's older names.
    public Task InitializeGatewayListProvider() => InitializeGatewayListProviderAsync(default);

    public Task<IList<Uri>> GetGateways() => GetGatewaysAsync(default);
}
