using ClusterGrains.Datasets;
using ClusterGrains.History;

namespace ClusterGrains.Tests.Faults;

/// <summary>One SIGKILL at every boundary of a step of an update, while somebody searches the alias.</summary>
public sealed class DatasetCrashPointTests(SharedDatasetWorld shared) : IClassFixture<SharedDatasetWorld>
{
    private const string Poison = "poison";

    // Loaded in several requests, with something that is refused, searched before it is promoted; the one before is deleted.
    private const string Spec = """
        {
          "verify": {"maxRejected": 1, "queries": [{"name": "all", "body": {"query": {"match_all": {}}}, "minHits": 50}]},
          "rollout": {"keepPrevious": 0}
        }
        """;

    public static TheoryData<string> Points => [.. DatasetCrashPoint.All];

    public static TheoryData<string> FirstPoints =>
    [
        .. CrashPoint.Around([DatasetCrashPoint.Claiming]),
        CrashPoint.After(DatasetCrashPoint.Create),
        .. CrashPoint.Around([DatasetCrashPoint.Swap]),
    ];

    [Theory, MemberData(nameof(Points))]
    public async Task Whenever_the_process_dies_the_next_one_promotes_the_version_and_readers_see_nothing_of_it(string point)
    {
        var name = shared.NewName();
        var (first, second) = (Corpus.Of("v1", 60), Corpus.Of("v2", 90, padding: 4000));
        second.Files[second.Gzip].Insert(7, Corpus.Poison(Poison));
        World.Source(name).Publish(first);
        World.Create(name, Spec);
        await shared.Follow(() => World.Updates(name) == 1);

        await using var reader = new AliasReader(World.Cluster.Url, name, first, second);
        World.Faults.Arm(point);
        World.Source(name).Publish(second);
        await shared.FollowPastTheDeath(() => World.Updates(name) == 2);

        await reader.Verdict();
        second.AssertArrived(World.Arrived(name));
        Assert.Equal([("v1", UpdateResult.Promoted, null), ("v2", UpdateResult.Promoted, null)], World.Ended(name));
        AssertNothingIsLeftOver(name);
        // Once, and once more if the process died before that was counted.
        Assert.InRange(Rejected(name).Count, 1, 2);
        await World.Bury(name);
    }

    [Theory, MemberData(nameof(FirstPoints))]
    public async Task Whenever_the_process_dies_the_next_one_promotes_the_first_version(string point)
    {
        var name = shared.NewName();
        var first = Corpus.Of("v1", 60);
        World.Source(name).Publish(first);
        World.Faults.Arm(point);
        World.Create(name, Spec);
        await shared.FollowPastTheDeath(() => World.Updates(name) == 1);

        first.AssertArrived(World.Arrived(name));
        Assert.Equal([("v1", UpdateResult.Promoted, null)], World.Ended(name));
        AssertNothingIsLeftOver(name);
        await World.Bury(name);
    }

    private DatasetWorld World => shared.World;

    private IReadOnlyList<string> Rejected(string name) =>
        [.. World.Faults.Objects(RecordKind.Rejected).Where(file => file.Contains($".{name}.", StringComparison.Ordinal))];

    /// <summary>One index, with the alias and no private one.</summary>
    private void AssertNothingIsLeftOver(string name)
    {
        var index = Assert.Single(World.Cluster.Indices.All, index => index.Name.StartsWith($"{name}-", StringComparison.Ordinal));
        Assert.Equal([name], index.Aliases.Keys);
    }
}
