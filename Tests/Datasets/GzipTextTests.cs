using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets;

public sealed class GzipTextTests
{
    private static readonly byte[] Small = [.. Packed.Gzip("one\n"u8.ToArray()), .. Packed.Gzip("two\nthree\n"u8.ToArray())];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8 * 1024)]
    [InlineData(1024 * 1024)]
    public async Task Any_number_of_members_is_one_text_however_it_arrives(int piece)
    {
        var texts = Enumerable.Range(0, 12).Select(i => Packed.Lines(i * i * (piece < 100 ? 2 : 60), i)).ToArray();
        byte[] packed = [.. texts.SelectMany(Packed.Gzip)];

        Assert.Equal(texts.SelectMany(text => text), await Unpack(packed, piece));
    }

    [Fact]
    public async Task Every_place_to_cut_but_between_members_is_noticed()
    {
        var between = Packed.Gzip("one\n"u8.ToArray()).Length;
        for (var length = 0; length < Small.Length; length++)
        {
            if (length == between)
            {
                continue;
            }

            var failure = await Assert.ThrowsAsync<InvalidDataException>(() => Unpack(Small[..length]));
            Assert.Equal("it is cut off", failure.Message);
        }
    }

    [Fact]
    public async Task A_big_file_that_is_cut_off_is_noticed_wherever_the_buffers_end()
    {
        var packed = Packed.Gzip(Packed.Lines(8_000));
        foreach (var length in new[] { 8_192, 128 * 1024, 128 * 1024 + 18, 256 * 1024, packed.Length - 9, packed.Length - 8, packed.Length - 1 })
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => Unpack(packed[..length]));
        }
    }

    [Fact]
    public async Task No_flipped_bit_makes_another_text()
    {
        var text = "{\"id\":1}\n"u8.ToArray();
        var packed = Packed.Gzip(text);
        var harmless = 0;
        for (var bit = 10 * 8; bit < packed.Length * 8; bit++)
        {
            var broken = packed.ToArray();
            broken[bit / 8] ^= (byte)(1 << (bit % 8));
            var failure = await Record.ExceptionAsync(async () => Assert.Equal(text, await Unpack(broken)));
            Assert.True(failure is null or InvalidDataException, $"bit {bit}: {failure}");
            harmless += failure is null ? 1 : 0;
        }

        // Those that fill up the last byte before the checksum.
        Assert.InRange(harmless, 0, 7);
    }

    [Fact]
    public async Task Something_else_behind_the_last_member_is_noticed_and_zeros_are_padding()
    {
        Assert.Equal("one\ntwo\nthree\n"u8.ToArray(), await Unpack([.. Small, .. new byte[1000]]));
        await Assert.ThrowsAsync<InvalidDataException>(() => Unpack([.. Small, 1, 2, 3]));
        await Assert.ThrowsAsync<InvalidDataException>(() => Unpack([.. new byte[8], .. Small]));
        await Assert.ThrowsAsync<InvalidDataException>(() => Unpack("{\"id\":1}\n"u8.ToArray()));
    }

    [Fact]
    public async Task Members_without_any_text_are_passed_over()
    {
        // As gzip writes them: an empty fixed block, then a checksum and a length of zeros.
        byte[] empty = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

        Assert.Empty(await Unpack(empty));
        Assert.Equal("one\ntwo\nthree\n"u8.ToArray(), await Unpack([.. empty, .. empty, .. Small, .. empty]));
    }

    [Fact]
    public async Task Headers_may_carry_extras_a_name_a_comment_and_a_checksum()
    {
        byte[] header = [0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 9, 9, 9, (byte)'n', 0, (byte)'c', 0, 7, 7];

        Assert.Equal("one\ntwo\nthree\n"u8.ToArray(), await Unpack([.. header, .. Small[10..]]));
    }

    private static async Task<byte[]> Unpack(byte[] packed, int piece = int.MaxValue) =>
        await Packed.Unpack(new GzipText(new Pieces(packed, piece)));

    /// <summary>Gives at most so many bytes at once.</summary>
    private sealed class Pieces(byte[] bytes, int piece) : ForwardStream
    {
        private int _position;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var count = Math.Min(Math.Min(buffer.Length, piece), bytes.Length - _position);
            bytes.AsMemory(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }
    }
}
