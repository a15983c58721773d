using System.Net;

namespace ClusterGrains.Tests.Storage;

/// <summary>
/// What Orleans expects of a membership table, whatever is below it. The cases are those of Orleans' own membership
/// tests, and ours.
/// </summary>
public abstract class MembershipTableContract
{
    private static readonly DateTime Now = new DateTime(2026, 11, 22, 18, 41, 34, DateTimeKind.Utc).AddTicks(1234567);

    private protected abstract IMembershipTable Table { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The table of another cluster id in the same place.</summary>
    private protected abstract IMembershipTable OtherTable();

    [Fact]
    public async Task An_empty_table_has_version_0_and_an_ETag()
    {
        var table = await Table.ReadAllAsync(Cancellation);

        Assert.Empty(table.Members);
        Assert.Equal(0, table.Version.Version);
        Assert.False(string.IsNullOrEmpty(table.Version.VersionEtag));
    }

    [Fact]
    public async Task Initializing_again_changes_nothing()
    {
        await Insert(Silo(1));

        await Table.InitializeMembershipTableAsync(tryInitTableVersion: true, Cancellation);

        Assert.Single((await Table.ReadAllAsync(Cancellation)).Members);
    }

    [Fact]
    public async Task An_inserted_silo_is_read_back_with_all_it_says_and_moves_the_version()
    {
        var entry = Entry(Silo(1));
        entry.SuspectTimes = [Tuple.Create(Silo(2), Now.AddSeconds(1)), Tuple.Create(Silo(3), Now.AddSeconds(2))];

        Assert.True(await Table.InsertRowAsync(entry, (await Table.ReadAllAsync(Cancellation)).Version.Next(), Cancellation));

        var table = await Table.ReadAllAsync(Cancellation);
        Assert.Equal(1, table.Version.Version);
        AssertSame(entry, Assert.Single(table.Members).Item1);
    }

    [Fact]
    public async Task Reading_a_row_gives_that_silo_alone_and_the_version_of_the_table()
    {
        await Insert(Silo(1));
        await Insert(Silo(2));

        var known = await Table.ReadRowAsync(Silo(2), Cancellation);
        var unknown = await Table.ReadRowAsync(Silo(3), Cancellation);

        Assert.Equal(Silo(2), Assert.Single(known.Members).Item1.SiloAddress);
        Assert.Equal(2, known.Version.Version);
        Assert.Empty(unknown.Members);
        Assert.Equal(known.Version, unknown.Version);
    }

    [Fact]
    public async Task A_silo_is_not_inserted_twice_nor_on_an_old_version()
    {
        var empty = (await Table.ReadAllAsync(Cancellation)).Version;
        await Insert(Silo(1));
        var current = (await Table.ReadAllAsync(Cancellation)).Version;

        Assert.False(await Table.InsertRowAsync(Entry(Silo(2)), empty.Next(), Cancellation));
        Assert.False(await Table.InsertRowAsync(Entry(Silo(2)), current, Cancellation));
        Assert.False(await Table.InsertRowAsync(Entry(Silo(1)), current.Next(), Cancellation));

        var table = await Table.ReadAllAsync(Cancellation);
        Assert.Single(table.Members);
        Assert.Equal(current, table.Version);
    }

    [Fact]
    public async Task An_update_changes_the_row_its_ETag_and_the_version()
    {
        await Insert(Silo(1));
        var before = await Table.ReadRowAsync(Silo(1), Cancellation);
        var (entry, etag) = before.Members[0];
        entry.Status = SiloStatus.Dead;
        entry.AddSuspector(Silo(2), Now);

        Assert.True(await Table.UpdateRowAsync(entry, etag, before.Version.Next(), Cancellation));

        var after = await Table.ReadRowAsync(Silo(1), Cancellation);
        AssertSame(entry, after.Members[0].Item1);
        Assert.NotEqual(etag, after.Members[0].Item2);
        Assert.Equal(2, after.Version.Version);
    }

    [Fact]
    public async Task A_wrong_version_or_a_wrong_ETag_updates_nothing()
    {
        await Insert(Silo(1));
        var old = await Table.ReadRowAsync(Silo(1), Cancellation);
        var (entry, stale) = old.Members[0];
        Assert.True(await Table.UpdateRowAsync(entry, stale, old.Version.Next(), Cancellation));
        var current = await Table.ReadRowAsync(Silo(1), Cancellation);
        var etag = current.Members[0].Item2;
        entry.Status = SiloStatus.Dead;

        Assert.False(await Table.UpdateRowAsync(entry, etag, old.Version.Next(), Cancellation));
        Assert.False(await Table.UpdateRowAsync(entry, etag, current.Version, Cancellation));
        Assert.False(await Table.UpdateRowAsync(entry, stale, current.Version.Next(), Cancellation));
        Assert.False(await Table.UpdateRowAsync(Entry(Silo(9)), etag, current.Version.Next(), Cancellation));

        var table = await Table.ReadAllAsync(Cancellation);
        Assert.Equal(etag, Assert.Single(table.Members).Item2);
        Assert.Equal(SiloStatus.Active, table.Members[0].Item1.Status);
        Assert.Equal(current.Version, table.Version);
    }

    [Fact]
    public async Task Of_parallel_writers_each_moves_the_version_by_one()
    {
        await Insert(Silo(1));

        await Task.WhenAll(Enumerable.Range(0, 19).Select(async _ =>
        {
            while (true)
            {
                var table = await Table.ReadRowAsync(Silo(1), Cancellation);
                var (entry, etag) = table.Members[0];
                if (await Table.UpdateRowAsync(entry, etag, table.Version.Next(), Cancellation))
                {
                    return;
                }
            }
        }));

        Assert.Equal(20, (await Table.ReadAllAsync(Cancellation)).Version.Version);
    }

    [Fact]
    public async Task A_sign_of_life_is_stored_and_moves_neither_version_nor_ETags()
    {
        await Insert(Silo(1));
        await Insert(Silo(2));
        var before = await Table.ReadAllAsync(Cancellation);

        await Table.UpdateIAmAliveAsync(Alive(Silo(1), Now.AddMinutes(7)), Cancellation);

        var after = await Table.ReadAllAsync(Cancellation);
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(Now.AddMinutes(7), after.TryGet(Silo(1))!.Item1.IAmAliveTime);
        Assert.Equal(Now, after.TryGet(Silo(2))!.Item1.IAmAliveTime);
        Assert.Equal(before.TryGet(Silo(1))!.Item2, after.TryGet(Silo(1))!.Item2);
    }

    [Fact]
    public async Task A_sign_of_life_of_an_unknown_silo_adds_nothing()
    {
        await Table.UpdateIAmAliveAsync(Alive(Silo(1), Now), Cancellation);

        Assert.Empty((await Table.ReadAllAsync(Cancellation)).Members);
    }

    [Fact]
    public async Task Cleaning_up_removes_who_is_not_Active_and_gave_no_sign_of_life_since()
    {
        foreach (var (silo, status) in new[]
        {
            (1, SiloStatus.Dead), (2, SiloStatus.Dead), (3, SiloStatus.Active), (4, SiloStatus.Joining), (5, SiloStatus.Created),
        })
        {
            var entry = Entry(Silo(silo), status);
            entry.StartTime = Now.AddDays(-10);
            entry.IAmAliveTime = Now.AddDays(-10);
            await Insert(entry);
        }

        await Table.UpdateIAmAliveAsync(Alive(Silo(2), Now), Cancellation);
        await Table.UpdateIAmAliveAsync(Alive(Silo(5), Now), Cancellation);
        var version = (await Table.ReadAllAsync(Cancellation)).Version;

        await Table.CleanupDefunctSiloEntriesAsync(Now.AddDays(-7), Cancellation);

        var table = await Table.ReadAllAsync(Cancellation);
        Assert.Equal([Silo(2), Silo(3), Silo(5)], table.Members.Select(member => member.Item1.SiloAddress).Order());
        Assert.Equal(version, table.Version);
    }

    [Fact]
    public async Task Cleaning_up_an_empty_table_does_nothing()
    {
        await Table.CleanupDefunctSiloEntriesAsync(Now, Cancellation);

        Assert.Empty((await Table.ReadAllAsync(Cancellation)).Members);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("::1")]
    [InlineData("fd00:1:2:3::4")]
    [InlineData("fe80::1%3")]
    [InlineData("::ffff:10.0.0.1")]
    public async Task Any_address_is_kept_apart_and_read_back(string address)
    {
        var silo = SiloAddress.New(IPAddress.Parse(address), 11_111, 42);
        await Insert(silo);
        await Insert(SiloAddress.New(IPAddress.Parse(address), 11_111, 43));
        await Insert(SiloAddress.New(IPAddress.Parse("fd00:1:2:4::4"), 11_111, 42));

        await Table.UpdateIAmAliveAsync(Alive(silo, Now.AddMinutes(1)), Cancellation);

        var table = await Table.ReadAllAsync(Cancellation);
        Assert.Equal(3, table.Members.Count);
        Assert.Equal(Now.AddMinutes(1), table.TryGet(silo)!.Item1.IAmAliveTime);
    }

    [Fact]
    public async Task Clusters_share_no_silos_and_a_deleted_one_begins_anew()
    {
        var other = OtherTable();
        await Insert(Silo(1));
        var theirs = (await other.ReadAllAsync(Cancellation)).Version;
        Assert.True(await other.InsertRowAsync(Entry(Silo(2)), theirs.Next(), Cancellation));
        Assert.Equal(Silo(1), Assert.Single((await Table.ReadAllAsync(Cancellation)).Members).Item1.SiloAddress);

        await Table.DeleteMembershipTableEntriesAsync(ClusterId, Cancellation);

        Assert.Empty((await Table.ReadAllAsync(Cancellation)).Members);
        Assert.Single((await other.ReadAllAsync(Cancellation)).Members);
        await Insert(Silo(1));
    }

    private protected abstract string ClusterId { get; }

    private protected static SiloAddress Silo(int number) => SiloAddress.New(IPAddress.Loopback, 11_111 + number, number);

    private protected static MembershipEntry Entry(SiloAddress silo, SiloStatus status = SiloStatus.Active) => new()
    {
        SiloAddress = silo,
        Status = status,
        HostName = "host",
        SiloName = "silo",
        RoleName = "role",
        ProxyPort = 30_000,
        UpdateZone = 3,
        FaultZone = 4,
        StartTime = Now.AddMinutes(-1),
        IAmAliveTime = Now,
        SuspectTimes = [],
    };

    private protected Task Insert(SiloAddress silo) => Insert(Entry(silo));

    private protected async Task Insert(MembershipEntry entry) =>
        Assert.True(await Table.InsertRowAsync(entry, (await Table.ReadAllAsync(Cancellation)).Version.Next(), Cancellation));

    private static MembershipEntry Alive(SiloAddress silo, DateTime at) => new() { SiloAddress = silo, IAmAliveTime = at };

    private static void AssertSame(MembershipEntry expected, MembershipEntry actual)
    {
        Assert.Equal(expected.ToFullString(), actual.ToFullString());
        Assert.Equal(expected.StartTime, actual.StartTime);
        Assert.Equal(expected.IAmAliveTime, actual.IAmAliveTime);
        Assert.Equal(expected.SuspectTimes, actual.SuspectTimes);
        Assert.Equal((expected.HostName, expected.RoleName), (actual.HostName, actual.RoleName));
        Assert.Equal((expected.UpdateZone, expected.FaultZone), (actual.UpdateZone, actual.FaultZone));
    }
}
