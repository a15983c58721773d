using System.Net;

namespace ClusterGrains.Tests.Resources;

/// <summary>One silo's view of who is active.</summary>
internal sealed class PretendSilos(SiloAddress self, SiloAddress[] active) : ISiloStatusOracle
{
    public SiloAddress[] Active { get; set; } = active;

    public static SiloAddress Address(int port) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, port), 1);

    public SiloStatus CurrentStatus => SiloStatus.Active;

    public string SiloName => self.ToString();

    public SiloAddress SiloAddress => self;

    public SiloAddress[] GetActiveSilos() => [.. Active.Reverse()];

    public SiloStatus GetApproximateSiloStatus(SiloAddress siloAddress) =>
        Active.Contains(siloAddress) ? SiloStatus.Active : SiloStatus.Dead;

    public Dictionary<SiloAddress, SiloStatus> GetApproximateSiloStatuses(bool onlyActive = false) =>
        Active.ToDictionary(silo => silo, _ => SiloStatus.Active);

    public bool TryGetSiloName(SiloAddress siloAddress, out string siloName)
    {
        siloName = siloAddress.ToString();
        return true;
    }

    public bool IsFunctionalDirectory(SiloAddress siloAddress) => Active.Contains(siloAddress);

    public bool IsDeadSilo(SiloAddress silo) => !Active.Contains(silo);

    public bool SubscribeToSiloStatusEvents(ISiloStatusListener observer) => true;

    public bool UnSubscribeFromSiloStatusEvents(ISiloStatusListener observer) => true;
}
