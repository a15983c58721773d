using System.IO.Compression;
using System.Text;
using ClusterGrains.History;
using ClusterGrains.Resources;
using ClusterGrains.Tests.History;
using ClusterGrains.Verification;

namespace ClusterGrains.Tests.Upgrade;

/// <summary>What is in the history stays there for years: every later version reads it, and finds it under its name.</summary>
public sealed class GoldenHistoryTests
{
    private const string Uid = "1a2b3c4d-0000-4000-8000-000000000000";

    public static TheoryData<string> Published => [.. GoldenFile.Names("history")];

    [Theory]
    [MemberData(nameof(Published))]
    public void Every_published_object_is_read_and_found_by_its_name(string name)
    {
        var samples = Samples();
        var lines = GoldenFile.Read(name).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(samples.Length, lines.Length);
        foreach (var (line, sample) in lines.Zip(samples))
        {
            var (key, body) = (line[..line.IndexOf(' ', StringComparison.Ordinal)], line[line.IndexOf(' ', StringComparison.Ordinal)..]);

            var read = HistoryObject.Open(HistoryObject.Compress(Encoding.UTF8.GetBytes(body)));

            Assert.Equal(Text(HistoryObject.Seal(sample)), Text(HistoryObject.Seal(read)));
            var told = HistoryName.Parse(key)!;
            Assert.Equal((sample.Record, "searchcluster.prod.logs.1a2b3c4d", sample.Line, sample.Seq), (told.Record, told.Epoch, told.Line, told.Seq));
            Assert.Equal((sample.RunId ?? "", DateOnly.FromDateTime(Records.At.UtcDateTime)), (told.Run, told.Day));
        }
    }

    [Fact]
    public void What_is_written_today_is_the_newest_golden_history() => GoldenFile.AssertNewest(
        "history", ".txt", string.Concat(Samples().Select(HistoryObject.Seal).Select(entry => $"{entry.Key} {Text(entry)}")));

    /// <summary>One of each kind of record that is numbered.</summary>
    private static HistoryRecord[] Samples() =>
    [
        Records.Check(Uid) with { Line = 2, Seq = 3 },
        Records.Transition(Uid) with { Line = 2, Seq = 4 },
        Records.Update(Uid) with { Line = 2, Seq = 5 },
        Records.Tombstone(Uid) with { Line = 2, Seq = 41, Record = RecordKind.Gap, Missing = [new SeqRange(Uid, 2, 6, 40)] },
        Records.Tombstone(Uid) with { Line = 2, Seq = 42 },
    ];

    private static string Text(OutboxEntry entry)
    {
        using var text = new StreamReader(new GZipStream(new MemoryStream(entry.Body), CompressionMode.Decompress));
        return text.ReadToEnd();
    }
}
