using MongoDB.Bson;

namespace ClusterGrains.Storage;

/// <summary>
/// One document per cluster id: the table's version and ETag, and a map of its silos. A silo and the version change in
/// one update; the map's keys are addresses, IPv6 ones too, with <c>_</c> for the dots that MongoDB reads as a path.
/// </summary>
internal static class MongoMembershipDocument
{
    public static BsonDocument Empty(string clusterId) => new()
    {
        { "_id", clusterId },
        { "version", 0 },
        { "etag", Guid.NewGuid().ToString("N") },
        { "members", new BsonDocument() },
    };

    /// <summary>Where a silo stands in the document.</summary>
    public static string Path(SiloAddress silo) => $"members.{silo.ToParsableString().Replace('.', '_')}";

    public static TableVersion Version(BsonDocument document) => new(document["version"].AsInt32, document["etag"].AsString);

    public static IEnumerable<(MembershipEntry Entry, string ETag)> Members(BsonDocument document) =>
        document["members"].AsBsonDocument.Values.Select(value => (ReadMember(value.AsBsonDocument), value["etag"].AsString));

    /// <summary>Whether one of its silos works for this service; an older version's did not say for which.</summary>
    public static bool MayServe(BsonDocument document, string service) =>
        document["members"].AsBsonDocument.Values.Any(member => member.AsBsonDocument.GetValue("service", service) == service);

    public static BsonDocument WriteMember(MembershipEntry entry, string service) => new()
    {
        { "etag", Guid.NewGuid().ToString("N") },
        { "service", service },
        { "address", entry.SiloAddress.ToParsableString() },
        { "status", entry.Status.ToString() },
        { "siloName", entry.SiloName ?? "" },
        { "hostName", entry.HostName ?? "" },
        { "roleName", entry.RoleName ?? "" },
        { "proxyPort", entry.ProxyPort },
        { "updateZone", entry.UpdateZone },
        { "faultZone", entry.FaultZone },
        { "startTime", StoredTime.Text(entry.StartTime) },
        { "iAmAliveTime", StoredTime.Text(entry.IAmAliveTime) },
        { "suspects", new BsonArray((entry.SuspectTimes ?? []).Select(WriteSuspect)) },
    };

    private static MembershipEntry ReadMember(BsonDocument member) => new()
    {
        SiloAddress = SiloAddress.FromParsableString(member["address"].AsString),
        Status = Enum.Parse<SiloStatus>(member["status"].AsString),
        SiloName = member["siloName"].AsString,
        HostName = member["hostName"].AsString,
        RoleName = member["roleName"].AsString,
        ProxyPort = member["proxyPort"].AsInt32,
        UpdateZone = member["updateZone"].AsInt32,
        FaultZone = member["faultZone"].AsInt32,
        StartTime = StoredTime.Parse(member["startTime"].AsString),
        IAmAliveTime = StoredTime.Parse(member["iAmAliveTime"].AsString),
        SuspectTimes = [.. member["suspects"].AsBsonArray.Select(ReadSuspect)],
    };

    private static BsonDocument WriteSuspect(Tuple<SiloAddress, DateTime> suspect) => new()
    {
        { "by", suspect.Item1.ToParsableString() },
        { "at", StoredTime.Text(suspect.Item2) },
    };

    private static Tuple<SiloAddress, DateTime> ReadSuspect(BsonValue suspect) =>
        Tuple.Create(SiloAddress.FromParsableString(suspect["by"].AsString), StoredTime.Parse(suspect["at"].AsString));
}
