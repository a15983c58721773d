using System.Text;
using ClusterGrains.Resources;
using CsCheck;

namespace ClusterGrains.Tests.Resources;

public sealed class LineReaderTests
{
    [Fact]
    public async Task Any_text_in_any_pieces_comes_out_line_by_line() =>
        await Gen.Select(Gen.String[Gen.Char["abcö€\r "], 0, 40].Array[0, 20], Gen.Int[1, 9]).SampleAsync(
            async (lines, piece) =>
            {
                var text = string.Concat(lines.Select(line => line + "\n"));
                Assert.Equal(lines, await Read(text, maxLine: 1_000, piece));
            },
            iter: 200);

    [Fact]
    public async Task A_line_that_is_too_long_leaves_the_others_alone()
    {
        var text = $"one\n{new string('x', 100_000)}\ntwo\n";

        Assert.Equal(["one", "<too long>", "two"], await Read(text, maxLine: 50, piece: 7_000));
    }

    [Fact]
    public async Task What_was_broken_off_is_no_line() => Assert.Equal(["one"], await Read("one\ntw", maxLine: 50, piece: 3));

    private static async Task<List<string>> Read(string text, int maxLine, int piece)
    {
        await using var reader = new LineReader(new Pieces(Encoding.UTF8.GetBytes(text), piece), maxLine);
        var lines = new List<string>();
        while (await reader.Read(TestContext.Current.CancellationToken) is { IsEnd: false } line)
        {
            lines.Add(line.TooLong ? "<too long>" : Encoding.UTF8.GetString(line.Bytes));
        }

        return lines;
    }

    /// <summary>Hands out a few bytes at a time, as a socket may.</summary>
    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
