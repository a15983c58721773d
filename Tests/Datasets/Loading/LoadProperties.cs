using System.Text;
using ClusterGrains.Datasets;
using ClusterGrains.Datasets.Loading;
using CsCheck;

namespace ClusterGrains.Tests.Datasets.Loading;

/// <summary>Whatever the cluster answers and wherever the load is broken off.</summary>
public sealed class LoadProperties
{
    [Fact]
    public void Any_mix_of_answers_and_crashes_ends_with_every_document_exactly_once() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[1, 4], Gen.Int[0, 60], Gen.Int[0, 4]).Sample(
            (seed, files, lines, crashes) => Live(seed, files, lines * lines, crashes).GetAwaiter().GetResult(),
            iter: 200,
            threads: 2);

    [Fact]
    public void Any_bytes_are_either_sent_as_they_are_or_rejected() => Gen.Byte.Array[0, 3_000].Select(Gen.Int[1, 5_000]).Sample(
        (bytes, piece) => Cut(bytes, piece).GetAwaiter().GetResult(), iter: 200, threads: 2);

    private static async Task Live(int seed, int files, int lines, int crashes)
    {
        await using var world = new LoadWorld(seed, files, lines, crashes);
        await world.Check();
    }

    private static async Task Cut(byte[] bytes, int piece)
    {
        var index = new BulkIndex();
        var source = new MemorySource(piece, ("f", bytes));
        var trial = new LoadTrial(source, index);
        trial.Job = trial.Job with { MaxRejected = long.MaxValue };

        var end = await trial.Run();

        var lines = bytes.Count(one => one == '\n') + (bytes is [.., not (byte)'\n'] ? 1 : 0);
        Assert.Equal((LoadResult.Done, bytes.Length, lines), (end.Result, end.Counts.Bytes, (int)end.Counts.Lines));
        Assert.All(trial.Rejected, one => Assert.InRange(Encoding.UTF8.GetByteCount(one.Raw), 1, 3 * RejectedText.MaxBytes));
    }
}
