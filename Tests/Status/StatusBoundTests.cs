using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ClusterGrains.Clusters;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Status;
using CsCheck;

namespace ClusterGrains.Tests.Status;

public sealed class StatusBoundTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly Schedule Schedule =
        new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(15), Suspended: false);

    /// <summary>Everything that makes JSON longer than it looks: quotes, escapes, controls, four-byte runes, lone surrogates.</summary>
    private static readonly string[] Long =
        ["\"", "\\", "\n", "\u001b[31m", "\u007f", "ü", "→", "日本", "😀", "\ud800", "\u2028", "<&>"];

    private static readonly Gen<string> Nasty = Gen.OneOf(
        Gen.String[0, 3_000],
        Gen.Int[0, Long.Length - 1].Array[0, 1_500].Select(picks => string.Concat(picks.Select(pick => Long[pick]))));

    private static readonly Gen<Finding> Findings = Gen.Select(Nasty, Gen.Enum<Severity>(), Nasty, Nasty).Select(
        (code, severity, about, message) => new Finding { Code = code, Severity = severity, Object = about, Message = message });

    private static readonly Gen<CheckOutcome> Outcomes = Gen.Select(
        Gen.Bool, Gen.Bool, Findings.Array[0, 40], Nasty, Nasty, Gen.Double).Select(
        (answered, credentials, findings, name, endpoint, number) => new CheckOutcome
        {
            FinishedAt = Now,
            Answered = answered,
            CredentialsValid = credentials,
            Findings = [.. findings],
            Identity = new ClusterIdentity(name, name, name, name),
            Health = name,
            Endpoint = endpoint,
            Metrics = FactNamesOf(number),
        });

    [Fact]
    public void No_facts_make_a_status_longer_than_8_KiB()
    {
        Gen.Select(Outcomes, Outcomes, Nasty, Gen.Int[0, 40]).Sample(
            (first, second, text, problems) =>
            {
                var state = State(text, problems);
                state = state with { Work = state.Work.After(first).After(second) };

                var document = SearchClusterStatus.Document(SearchClusterJudgement.Of(state, Schedule, Now));

                var bytes = StatusText.Bytes(document);
                Assert.InRange(bytes, 1, StatusText.MaxBytes);
                Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(document.ToJsonString()), 1, 6 * StatusText.MaxBytes);
                Assert.NotNull(JsonNode.Parse(StatusText.Write(document)));
                Assert.DoesNotContain('\u001b', StatusText.Write(document));
            },
            iter: 400);
    }

    [Fact]
    public void The_worst_findings_are_those_that_stay()
    {
        var findings = Enumerable.Range(0, 40).Select(number => new Finding
        {
            Code = $"Code{number}",
            Severity = number == 39 ? Severity.Critical : Severity.Warning,
            Message = new string('x', 2_000),
        });
        var state = State("cluster", 0);
        state = state with { Work = state.Work.After(new CheckOutcome { FinishedAt = Now, Answered = true, Findings = [.. findings] }) };

        var document = SearchClusterStatus.Document(SearchClusterJudgement.Of(state, Schedule, Now));

        Assert.Equal("Code39", (string?)document["findings"]![0]!["code"]);
        Assert.Equal("Critical", (string?)document["verdict"]);
    }

    [Theory]
    [InlineData("日本語", 9, "日本語")]
    [InlineData("日本語", 8, "日…")]
    [InlineData("a😀b", 7, "a…")]
    [InlineData("say \"hi\"", 9, "say \"…")]
    [InlineData("tab\there", 99, "tab here")]
    public void Texts_are_cut_at_a_rune_and_counted_as_JSON_will_write_them(string text, int bytes, string kept) =>
        Assert.Equal(kept, StatusText.Cut(text, bytes));

    private static ResourceState<SearchClusterWork> State(string text, int problems) => new()
    {
        Kind = "SearchCluster",
        Phase = ResourcePhase.Active,
        Revision = long.MaxValue / 2,
        Manifest = new Manifest
        {
            Namespace = new string('n', 63),
            Name = new string('m', 63),
            Uid = Guid.Empty.ToString(),
            Generation = long.MaxValue,
            ResourceVersion = "1",
            CreatedAt = Now,
            Spec = "{}",
        },
        Accepted = new AcceptedSpec(1, "{}"),
        Problems = [.. Enumerable.Range(0, problems).Select(_ => new SpecProblem(text, text, text))],
        HistoryFailure = new HistoryFailure(Now, text),
        LastRun = new ClosedRun(Ulid.MaxValue.ToString(), Now, Now, RunOutcome.Interrupted),
        NextDue = Now,
        Outbox = new Outbox { Line = int.MaxValue / 4, Seq = long.MaxValue / 4 },
    };

    private static ImmutableSortedDictionary<string, double> FactNamesOf(double number) =>
        ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal,
        [
            KeyValuePair.Create(FactNames.Nodes, number),
            KeyValuePair.Create(FactNames.Shards, number),
            KeyValuePair.Create(FactNames.UnassignedShards, number),
            KeyValuePair.Create(FactNames.DiskMaxUsedPercent, number),
        ]);
}
