using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Tests.Clusters;

/// <summary>What lists say of a cluster: the verdict, why, and since when.</summary>
public sealed class SearchClusterSummaryTests
{
    private static readonly Schedule Schedule =
        new(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(15), Suspended: false);

    [Fact]
    public void All_is_well_and_nobody_needs_to_know_since_when() => Assert.Equal(
        """{"verdict":"Healthy","reason":"AllChecksPassed","health":"green","checkedAt":"2026-01-02T03:04:05Z","freshUntil":"2026-01-02T03:19:05Z"}""",
        Summary(Answer(0), 1).ToJsonString());

    [Fact]
    public void What_is_wrong_is_said_in_words_and_since_it_was_first_found()
    {
        var work = Answer(0, Finding("DiskFlood", "98 % used."));

        var summary = Summary(work.After(Checked(10, Finding("DiskFlood", "98 % used."))), 11);

        Assert.Equal(
            ("Critical", "DiskFlood", "98 % used.", "2026-01-02T03:04:05Z", "2026-01-02T03:14:05Z"),
            (Text(summary, "verdict"), Text(summary, "reason"), Text(summary, "message"), Text(summary, "since"), Text(summary, "checkedAt")));
    }

    [Fact]
    public void Who_does_not_answer_is_unknown_since_the_last_answer_grew_stale()
    {
        var away = Checked(14, Finding("ConnectionFailed", "Refused.")) with { Answered = false };

        var summary = Summary(Answer(0).After(away), 20);

        Assert.Equal(("Unknown", "ConnectionFailed", "2026-01-02T03:19:05Z"), (Text(summary, "verdict"), Text(summary, "reason"), Text(summary, "since")));
        Assert.Equal("No answer since 2026-01-02T03:04:05Z. Refused.", Text(summary, "message"));
        Assert.Null(summary["health"]);
    }

    [Fact]
    public void Who_never_answered_is_unknown_since_the_first_attempt()
    {
        var away = Checked(3, Finding("ConnectionFailed", "Refused.")) with { Answered = false };

        Assert.Equal("2026-01-02T03:07:05Z", Text(Summary(new SearchClusterWork().After(away), 4), "since"));
    }

    private static SearchClusterWork Answer(int minute, params Finding[] findings) => new SearchClusterWork().After(Checked(minute, findings));

    private static CheckOutcome Checked(int minute, params Finding[] findings) =>
        new() { FinishedAt = Facts.Now.AddMinutes(minute), Answered = true, Health = "green", Findings = [.. findings] };

    private static Finding Finding(string code, string message) => new() { Code = code, Severity = Severity.Critical, Message = message };

    private static JsonObject Summary(SearchClusterWork work, int minute)
    {
        var state = new ResourceState<SearchClusterWork> { Kind = "SearchCluster", Phase = ResourcePhase.Active, Work = work };
        return JsonNode.Parse(SearchClusterJudgement.Of(state, Schedule, Facts.Now.AddMinutes(minute)).Summary!)!.AsObject();
    }

    private static string? Text(JsonObject summary, string member) => (string?)summary[member];
}
