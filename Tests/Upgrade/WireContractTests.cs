using System.Text;
using ClusterGrains.Resources;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace ClusterGrains.Tests.Upgrade;

/// <summary>Silos of two versions work side by side while they are replaced: what one says, the other understands.</summary>
public sealed class WireContractTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSerializer(serializer => serializer.AddAssembly(typeof(Manifest).Assembly)).BuildServiceProvider();

    public static TheoryData<string> Contracts => [.. GoldenFile.Names("wire")];

    public static TheoryData<string> Messages => [.. GoldenFile.Names("messages")];

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    [Theory]
    [MemberData(nameof(Contracts))]
    public void What_was_published_is_there_under_its_number_and_with_its_type(string name) =>
        Assert.Empty(WireContract.Missing(GoldenFile.Read(name).Split('\n'), WireContract.Today()));

    [Fact]
    public void What_is_there_today_is_in_the_newest_golden_contract() =>
        GoldenFile.AssertNewest("wire", ".txt", string.Join('\n', WireContract.Today()) + "\n");

    [Theory]
    [InlineData("ClusterGrains.Manifest #2 Uid: String", "")]
    [InlineData("ClusterGrains.Manifest #2 Uid: String", "ClusterGrains.Manifest #9 Uid: String")]
    [InlineData("ClusterGrains.Manifest #2 Uid: String", "ClusterGrains.Manifest #2 Uid: Guid")]
    [InlineData("ClusterGrains.Severity = 1 Warning", "ClusterGrains.Severity = 2 Warning")]
    [InlineData("ClusterGrains.Candidate #5 IndexUuid: String?", "ClusterGrains.Candidate #5 IndexUuid: String")]
    public void A_member_that_was_removed_renumbered_or_retyped_is_told(string published, string today)
    {
        var contract = WireContract.Today();
        Assert.Contains(published, contract);

        Assert.Equal([published], WireContract.Missing(contract, [.. contract.Select(line => line == published ? today : line)]));
    }

    [Fact]
    public void A_method_that_was_removed_is_told()
    {
        var contract = WireContract.Today();
        var observe = Assert.Single(contract, line => line.Contains(" Observe: Observe(ClusterGrains.Manifest, ", StringComparison.Ordinal));

        Assert.Equal([observe], WireContract.Missing(contract, [.. contract.Except([observe])]));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Messages_of_an_older_silo_are_read_as_they_were_meant(string name)
    {
        foreach (var line in GoldenFile.Read(name).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (alias, bytes) = (line.Split(' ')[0], Convert.FromBase64String(line.Split(' ')[1]));
            var sample = Samples.All.Single(sample => WireContract.Alias(sample.GetType()) == alias);

            var read = Serializer.Deserialize<object>(bytes);

            Assert.IsType(sample.GetType(), read);
            Assert.Equal(Serializer.SerializeToArray<object>(sample), Serializer.SerializeToArray<object>(read!));
        }
    }

    [Fact]
    public void Messages_of_today_are_the_newest_golden_ones()
    {
        var lines = new StringBuilder();
        foreach (var sample in Samples.All)
        {
            lines.Append(WireContract.Alias(sample.GetType())).Append(' ')
                .Append(Convert.ToBase64String(Serializer.SerializeToArray<object>(sample))).Append('\n');
        }

        GoldenFile.AssertNewest("messages", ".txt", lines.ToString());
    }

    public void Dispose() => _services.Dispose();
}
