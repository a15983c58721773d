using System.Collections.Immutable;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>What a run decides to do, row by row.</summary>
public sealed class ChoiceTests : IDisposable
{
    private const string Recipe = "recipe";

    private readonly UpdateWorld _world = new();

    /// <summary>Versions in the source, what is published, kept, pinned and asked for; then the way and the version.</summary>
    public static TheoryData<string?, string, string, string?, string?, string> Rows => new()
    {
        { "", "", "", null, null, "Rest" },
        { "v1", "", "", null, null, "Load v1 Load" },
        { "v1 v2 v3", "v1", "", null, null, "Load v3 Load" },
        { "v1 v2", "v2", "v1", null, null, "Rest" },
        { "v1", "v2", "", null, null, "Rest" },
        { "", "v2", "", null, null, "Rest" },
        { null, "v1", "", null, null, "Blind" },
        { "v1 v2", "v2", "v1", "v1", null, "Switch v1" },
        { null, "v2", "v1", "v1", null, "Switch v1" },
        { "v1 v2 v3", "v1", "v2", "v1", null, "Rest" },
        { null, "v1", "v2", "v1", null, "Rest" },
        { "v1 v2", "v2", "", "v1", null, "Load v1 Reload" },
        { "v1 v2", "v1", "", "v2", null, "Load v2 Load" },
        { "v2", "v2", "", "v1", null, "Wait" },
        { null, "v2", "", "v1", null, "Blind" },
        { "v1 v2", "v1", "v2", null, null, "Load v2 Load" },
        { "v1 v2", "v2", "v1", null, "v2", "Load v2 Load asked" },
        { "v1 v2", "v2", "v1", null, "v1", "Rest" },
        { "v1 v2 v3", "v1", "", null, "v2", "Load v2 Load asked" },
        { "v1 v2", "v2", "v1", null, "v9", "Rest" },
        { "v1 v2", "v2", "v1", "v1", "v1", "Load v1 Reload asked" },
        { "v1 v2", "v2", "v1", "v2", "v1", "Rest" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Without_a_candidate(string? versions, string published, string kept, string? pin, string? reload, string expected)
    {
        (_world.Rollout, _world.Reload) = (_world.Rollout with { Pin = pin }, reload);
        var ledger = new DatasetLedger
        {
            Published = Split(published)?.Select(Kept).SingleOrDefault(),
            Retained = [.. Split(kept)!.Value.Select(Kept)],
        };

        var choice = Choice.Of(_world.Open(), ledger, Split(versions), Recipe);

        Assert.Equal(expected, choice.Way switch
        {
            Way.Load => $"Load {choice.Version} {choice.Kind}{(choice.Asked ? " asked" : "")}",
            Way.Switch => $"Switch {choice.Kept!.Version}",
            _ => choice.Way.ToString(),
        });
    }

    [Theory]
    [InlineData("v1 v2", UpdateStep.Load, UpdateKind.Load, OnNewVersion.Finish, null, "", "Continue")]
    [InlineData("v1 v2", UpdateStep.Load, UpdateKind.Load, OnNewVersion.Supersede, null, "", "Supersede NewerVersion")]
    [InlineData("v1", UpdateStep.Load, UpdateKind.Load, OnNewVersion.Supersede, null, "", "Continue")]
    [InlineData("v0", UpdateStep.Load, UpdateKind.Load, OnNewVersion.Supersede, null, "", "Continue")]
    [InlineData(null, UpdateStep.Load, UpdateKind.Load, OnNewVersion.Supersede, null, "", "Continue")]
    [InlineData("v1 v2", UpdateStep.Approve, UpdateKind.Load, OnNewVersion.Supersede, null, "", "Supersede NewerVersion")]
    [InlineData("v1 v2", UpdateStep.Promote, UpdateKind.Load, OnNewVersion.Supersede, "v2", "recipe cluster", "Fail ClusterReplaced")]
    [InlineData("v1 v2", UpdateStep.Promote, UpdateKind.Load, OnNewVersion.Supersede, "v2", "recipe", "Continue")]
    [InlineData("v1 v2", UpdateStep.Load, UpdateKind.Load, OnNewVersion.Finish, "v2", "", "Supersede PinChanged")]
    [InlineData("v1 v2", UpdateStep.Load, UpdateKind.Load, OnNewVersion.Supersede, "v1", "", "Continue")]
    [InlineData("v1 v2", UpdateStep.Load, UpdateKind.Reload, OnNewVersion.Finish, null, "", "Supersede PinChanged")]
    [InlineData("v1", UpdateStep.Verify, UpdateKind.Switch, OnNewVersion.Finish, null, "", "Continue")]
    [InlineData("v1", UpdateStep.Load, UpdateKind.Load, OnNewVersion.Finish, null, "recipe", "Supersede SpecChanged")]
    [InlineData("v1", UpdateStep.Load, UpdateKind.Load, OnNewVersion.Finish, null, "cluster", "Fail ClusterReplaced")]
    [InlineData("v1 v2", UpdateStep.Load, UpdateKind.Load, OnNewVersion.Supersede, null, "failed", "Continue")]
    public void With_a_candidate_v1(
        string? versions, UpdateStep step, UpdateKind kind, OnNewVersion policy, string? pin, string changed, string expected)
    {
        _world.Rollout = _world.Rollout with { OnNewVersion = policy, Pin = pin };
        var ledger = new DatasetLedger
        {
            ClusterUuid = changed.Contains("cluster", StringComparison.Ordinal) ? "cluster-2" : "cluster-1",
            Failed = changed == "failed" ? new FailedVersion("v2", "f", 1, "Shrunk", "", _world.Time.Now, 1, null) : null,
            Candidate = new Candidate
            {
                RunId = "run-1", Version = "v1", Fingerprint = "f", Index = "products-v1-1", ClusterUuid = "cluster-1",
                StartedAt = _world.Time.Now, Step = step, Kind = kind,
                Recipe = changed.Contains("recipe", StringComparison.Ordinal) ? "another" : Recipe,
            },
        };

        var choice = Choice.Of(_world.Open(), ledger, Split(versions), Recipe);

        Assert.Equal(expected, $"{choice.Way} {choice.Code}".TrimEnd());
    }

    public void Dispose() => _world.Dispose();

    private static ImmutableArray<string>? Split(string? names) =>
        names is null ? null : [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    private static KeptVersion Kept(string version) =>
        new(version, $"{version}#1", $"products-{version}-1", "uuid", 10, DateTimeOffset.UnixEpoch, "run-0");
}
