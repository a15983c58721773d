using System.Collections.Immutable;
using System.IO.Compression;
using ClusterGrains.Clusters;
using ClusterGrains.History;

namespace ClusterGrains.Tests.History;

public sealed class HistoryObjectTests
{
    [Fact]
    public void The_key_comes_from_the_record_alone()
    {
        var uid = "1a2b3c4d-0000-4000-8000-000000000000";
        var check = Records.Check(uid) with { Line = 2, Seq = 41, FinishedAt = Records.At.ToOffset(TimeSpan.FromHours(9)) };

        Assert.Equal(
            "v1/history/record=check/dt=2026-03-01/resource=searchcluster.prod.logs.1a2b3c4d/"
            + "235958-2-41-01JNABCDEFGHJKMNPQRSTVWXYZ.json.gz",
            HistoryObject.Seal(check).Key);
        Assert.EndsWith("/235958-1-7-tombstone.json.gz", HistoryObject.Seal(Records.Tombstone() with { Seq = 7 }).Key, StringComparison.Ordinal);
    }

    [Fact]
    public void The_body_is_one_line_of_the_documented_json() => Assert.Equal(
        """
        {"schemaVersion":1,"record":"check","runId":"01JNABCDEFGHJKMNPQRSTVWXYZ","target":{"kind":"SearchCluster","namespace":"prod","name":"logs","uid":"a","clusterUuid":"3rjK","engine":"OpenSearch","version":"2.19.1"},"line":1,"seq":9,"startedAt":"2026-03-01T23:59:56.007Z","finishedAt":"2026-03-01T23:59:58.007Z","outcome":"Completed","verdict":"Degraded","findings":[{"code":"DiskLow","severity":"warning","object":"data-0","message":"86 % used."}],"metrics":{"disk.maxUsedPercent":86.5,"nodes":3}}

        """,
        Text(Records.Check() with { Seq = 9 }));

    [Fact]
    public void Transitions_tombstones_and_gaps_say_what_only_they_can_say()
    {
        Assert.EndsWith(
            "\"from\":\"Healthy\",\"to\":\"Degraded\",\"reason\":\"DiskLow\"}\n", Text(Records.Transition()), StringComparison.Ordinal);
        Assert.Contains("\"runId\":null", Text(Records.Tombstone()), StringComparison.Ordinal);
        Assert.EndsWith(
            "\"missing\":[{\"uid\":\"a\",\"line\":1,\"fromSeq\":3,\"toSeq\":40}]}\n",
            Text(Records.Tombstone() with { Record = RecordKind.Gap, Missing = [new SeqRange("a", 1, 3, 40)] }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_without_number_lies_where_it_is_told_and_has_the_same_bytes_each_time()
    {
        var at = Records.At.ToOffset(TimeSpan.FromHours(9));

        Assert.Equal(
            "v1/history/record=rejected/dt=2026-03-01/resource=searchcluster.prod.logs.a/01J-1-0-7.json.gz",
            HistoryObject.Key(RecordKind.Rejected, Records.Target(), at, "01J-1-0-7"));
        Assert.Equal(HistoryObject.Compress("{}\n{}\n"u8), HistoryObject.Compress("{}\n{}\n"u8));
        Assert.Throws<ArgumentException>(() => new Outbox().Add(Records.Check() with { Record = RecordKind.Plan }));
    }

    [Fact]
    public void An_update_says_which_version_and_what_became_of_it() => Assert.Contains(
        """
        "update":{"kind":"Load","version":"2026-03-01","fingerprint":"f","index":"products-2026-03-01-4","indexUuid":null,"step":"Plan","code":"DiskFull","message":"No room.","replaced":null,"pruned":["products-x-1"]}
        """.Trim(),
        Text(Records.Update()),
        StringComparison.Ordinal);

    [Fact]
    public void Sealing_twice_gives_the_same_bytes() => Assert.Equal(
        HistoryObject.Seal(Records.Check(bulk: 500)).Body, HistoryObject.Seal(Records.Check(bulk: 500)).Body);

    [Fact]
    public void What_was_sealed_can_be_opened()
    {
        var opened = HistoryObject.Open(HistoryObject.Seal(Records.Transition() with { Seq = 3 }).Body);

        Assert.Equal((RecordKind.Transition, 3L, Records.At), (opened.Record, opened.Seq, opened.FinishedAt));
        Assert.Equal(Records.Transition().Findings, opened.Findings);
        Assert.Equal(Records.Target(), opened.Target);
    }

    [Fact]
    public void Numbers_that_json_cannot_say_are_left_out_and_findings_are_capped_and_counted()
    {
        var finding = Records.Check().Findings[0];
        var opened = HistoryObject.Open(HistoryObject.Seal(Records.Check() with
        {
            Metrics = ImmutableSortedDictionary<string, double>.Empty.Add("ratio", double.NaN).Add("nodes", 3),
            Findings = [.. Enumerable.Repeat(finding, HistoryObject.MaxFindings + 7)],
        }).Body);

        Assert.Equal(["nodes"], opened.Metrics.Keys);
        Assert.Equal((HistoryObject.MaxFindings, 7), (opened.Findings.Length, opened.FindingsOmitted));
    }

    private static string Text(HistoryRecord record)
    {
        using var gzip = new GZipStream(new MemoryStream(HistoryObject.Seal(record).Body), CompressionMode.Decompress);
        return new StreamReader(gzip).ReadToEnd();
    }
}
