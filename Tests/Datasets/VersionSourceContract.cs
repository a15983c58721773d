using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets;

/// <summary>What every source of versions promises.</summary>
public abstract class VersionSourceContract
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An empty source.</summary>
    private protected abstract SourceSpec Spec { get; }

    private protected abstract Task<ISourceSession> Open(SourceSpec spec);

    private protected abstract Task Put(string name, byte[] body);

    private protected abstract Task Delete(string name);

    [Fact]
    public async Task An_empty_source_has_no_versions()
    {
        await using var source = await Open(Spec);

        Assert.Empty(await source.Folders(Cancellation));
        Assert.Null(await source.Freeze("v1", Cancellation));
        Assert.Null(await source.Digest("v1", Cancellation));
    }

    [Fact]
    public async Task Versions_are_listed_oldest_first_each_with_its_marker()
    {
        await Version("v9", "a.ndjson");
        await Version("v10", "a.ndjson");
        await Put("v2/a.ndjson", [1]);
        await Put("latest/_SUCCESS", []);
        await Put("README", [1]);
        await using var source = await Open(Spec with { Order = VersionOrder.Numeric, Pattern = "v[0-9]+" });

        Assert.Equal([new("v2", false), new("v9", true), new("v10", true)], await source.Folders(Cancellation));

        await Delete("v9/_SUCCESS");
        Assert.Equal([new("v2", false), new("v9", false), new("v10", true)], await source.Folders(Cancellation));
    }

    [Fact]
    public async Task Where_a_manifest_is_required_a_version_without_one_is_not_complete()
    {
        await Version("v1", "a.ndjson");
        await using var source = await Open(Spec with { Manifest = ManifestUse.Required });

        Assert.False(Assert.Single(await source.Folders(Cancellation)).Complete);
        Assert.Null(await source.Freeze("v1", Cancellation));

        await Put("v1/manifest.json", """{"files":[{"name":"a.ndjson","size":8}],"documents":1}"""u8.ToArray());
        Assert.True(Assert.Single(await source.Folders(Cancellation)).Complete);
        Assert.Equal(1, (await source.Freeze("v1", Cancellation))?.Documents);
    }

    [Fact]
    public async Task A_frozen_version_is_its_data_files_in_order()
    {
        await Version("v1", "b.ndjson.gz", "a.ndjson", "part 2/c+d&é.zst", "_temporary/x.ndjson", "part 2/.hidden", "_note");
        await using var source = await Open(Spec);

        var frozen = await source.Freeze("v1", Cancellation);

        Assert.Equal(
            [("a.ndjson", 8, DataFormat.Plain), ("b.ndjson.gz", 8, DataFormat.Gzip), ("part 2/c+d&é.zst", 8, DataFormat.Zstd)],
            frozen!.Files.Select(file => (file.Name, file.Size, file.Format)));
        Assert.All(frozen.Files, file => Assert.NotEmpty(file.ETag));
        Assert.Null(frozen.Documents);
    }

    [Fact]
    public async Task Without_its_marker_a_version_is_not_frozen()
    {
        await Version("v1", "a.ndjson");
        await Delete("v1/_SUCCESS");
        await using var source = await Open(Spec);

        Assert.Null(await source.Freeze("v1", Cancellation));
        Assert.NotNull(await source.Digest("v1", Cancellation));
    }

    [Theory]
    [InlineData("../v1")]
    [InlineData("v1/../v1")]
    [InlineData(".")]
    [InlineData("")]
    public async Task A_name_that_is_no_version_is_not_there(string name)
    {
        await Version("v1", "a.ndjson");
        await using var source = await Open(Spec);

        Assert.Null(await source.Freeze(name, Cancellation));
    }

    [Fact]
    public async Task The_fingerprint_is_the_same_as_long_as_the_files_are()
    {
        await Version("v1", "a.ndjson", "b.ndjson");
        await using var source = await Open(Spec);
        var first = await source.Freeze("v1", Cancellation);

        Assert.Equal(first!.Fingerprint, (await source.Freeze("v1", Cancellation))!.Fingerprint);

        await Put("v1/b.ndjson", "{\"b\":22}\n"u8.ToArray());
        var second = await source.Freeze("v1", Cancellation);
        Assert.NotEqual(first.Fingerprint, second!.Fingerprint);

        await Put("v1/c.ndjson", "{\"c\":3}\n"u8.ToArray());
        Assert.NotEqual(second.Fingerprint, (await source.Freeze("v1", Cancellation))!.Fingerprint);
    }

    [Fact]
    public async Task A_version_without_data_is_refused()
    {
        await Version("v1", "_only/hidden.ndjson");
        await using var source = await Open(Spec);

        Assert.Equal(DatasetCodes.SourceEmpty, (await Refused(() => source.Freeze("v1", Cancellation))).Code);
        Assert.Null(await source.Digest("v1", Cancellation));
    }

    [Fact]
    public async Task A_manifest_is_kept_to_unless_it_is_ignored()
    {
        await Version("v1", "a.ndjson", "b.ndjson");
        await Put("v1/manifest.json", """{"files":[{"name":"a.ndjson"}]}"""u8.ToArray());
        await using var source = await Open(Spec);
        await using var indifferent = await Open(Spec with { Manifest = ManifestUse.Ignore });

        var failure = await Refused(() => source.Freeze("v1", Cancellation));
        Assert.Equal(DatasetCodes.ManifestMismatch, failure.Code);
        Assert.Contains("v1/b.ndjson is not in manifest.json", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await indifferent.Freeze("v1", Cancellation))!.Files.Length);
    }

    [Fact]
    public async Task More_than_a_thousand_files_are_listed_whole()
    {
        await Task.WhenAll(Enumerable.Range(0, 1_100).Chunk(50).Select(async some =>
        {
            foreach (var i in some)
            {
                await Put($"v1/part-{i:D5}.ndjson", [1]);
            }
        }));
        await Put("v1/_SUCCESS", []);
        await using var source = await Open(Spec);

        var frozen = await source.Freeze("v1", Cancellation);

        Assert.Equal(Enumerable.Range(0, 1_100).Select(i => $"part-{i:D5}.ndjson"), frozen!.Files.Select(file => file.Name));
    }

    [Theory]
    [InlineData("a.ndjson")]
    [InlineData("a.ndjson.gz")]
    [InlineData("a.ndjson.zst")]
    public async Task A_file_is_read_decompressed_from_any_byte_on(string name)
    {
        var (one, two) = (Packed.Lines(3_000, 1), Packed.Lines(2_000, 2));
        byte[] text = [.. one, .. two];
        byte[] stored = [.. Pack(name, one), .. Pack(name, two)];
        await using var source = await Open(Spec);
        var file = await Frozen(source, name, stored);

        foreach (var from in new[] { 0, 1, one.Length, text.Length - 1, text.Length })
        {
            var read = await source.Read("v1", file, from, Cancellation);
            Assert.Equal(text[from..], await Packed.Unpack(read.Text));
            Assert.Equal(stored.Length, read.SourceBytes());
        }
    }

    [Theory]
    [InlineData("a.ndjson.gz", 5)]
    [InlineData("a.ndjson.gz", 1_000)]
    [InlineData("a.ndjson.gz", -1)]
    [InlineData("a.ndjson.gz", -10)]
    [InlineData("a.ndjson.gz", 0)]
    [InlineData("a.ndjson.zst", 5)]
    [InlineData("a.ndjson.zst", 1_000)]
    [InlineData("a.ndjson.zst", -1)]
    [InlineData("a.ndjson.zst", 0)]
    public async Task A_compressed_file_that_is_cut_off_is_corrupt(string name, int length)
    {
        byte[] whole = [.. Pack(name, Packed.Lines(500, 1)), .. Pack(name, Packed.Lines(500, 2))];

        await AssertCorrupt(name, whole[..(length < 0 ? whole.Length + length : length)]);
    }

    [Theory]
    [InlineData("a.ndjson.gz")]
    [InlineData("a.ndjson.zst")]
    public async Task A_compressed_file_with_a_wrong_byte_is_corrupt(string name)
    {
        var broken = Pack(name, Packed.Lines(5_000));
        broken[broken.Length / 2] ^= 0xff;

        await AssertCorrupt(name, broken);
    }

    [Theory]
    [InlineData("a.ndjson.gz")]
    [InlineData("a.ndjson.zst")]
    public async Task A_plain_file_with_the_wrong_name_is_corrupt(string name) =>
        await AssertCorrupt(name, Packed.Lines(10));

    [Fact]
    public async Task A_file_that_wants_two_gibibytes_of_memory_is_corrupt() =>
        // A zstd frame with a window of 2^31 bytes and one empty block.
        await AssertCorrupt("a.ndjson.zst", [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00]);

    [Theory]
    [InlineData("a.ndjson")]
    [InlineData("a.ndjson.gz")]
    public async Task A_file_that_was_replaced_since_is_not_read(string name)
    {
        await using var source = await Open(Spec);
        var file = await Frozen(source, name, Pack(name, Packed.Lines(100, 1)));
        await Put($"v1/{name}", Pack(name, Packed.Lines(101, 2)));

        Assert.Equal(DatasetCodes.SourceChanged, (await Refused(() => ReadAll(source, file))).Code);
    }

    [Fact]
    public async Task A_file_that_was_deleted_since_is_not_read()
    {
        await using var source = await Open(Spec);
        var file = await Frozen(source, "a.ndjson", Packed.Lines(100));
        await Delete("v1/a.ndjson");

        var failure = await Refused(() => ReadAll(source, file));
        Assert.Equal(DatasetCodes.SourceChanged, failure.Code);
        Assert.Contains("v1/a.ndjson is gone", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_file_that_is_replaced_while_it_is_read_nothing_new_is_read()
    {
        var text = Packed.Lines(100_000, 1);
        await using var source = await Open(Spec);
        var file = await Frozen(source, "a.ndjson", text);
        var read = await source.Read("v1", file, 0, Cancellation);
        var head = new byte[1000];
        await read.Text.ReadExactlyAsync(head, Cancellation);

        await Put("v1/a.ndjson", Packed.Lines(100_001, 2));

        byte[] all = [];
        var failure = await Record.ExceptionAsync(async () => all = [.. head, .. await Packed.Unpack(read.Text)]);
        Assert.True(
            failure is SourceException { Code: DatasetCodes.SourceChanged } || (failure is null && all.AsSpan().SequenceEqual(text)),
            $"{failure}");
    }

    [Fact]
    public async Task Reading_can_be_cancelled()
    {
        await using var source = await Open(Spec);
        var file = await Frozen(source, "a.ndjson", Packed.Lines(10));
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.Folders(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.Freeze("v1", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.Read("v1", file, 0, cancelled));
    }

    private protected async Task Version(string version, params string[] files)
    {
        foreach (var file in files)
        {
            await Put($"{version}/{file}", "{\"a\":1}\n"u8.ToArray());
        }

        await Put($"{version}/_SUCCESS", []);
    }

    private protected async Task<SourceFile> Frozen(ISourceSession source, string name, byte[] body)
    {
        await Put($"v1/{name}", body);
        await Put("v1/_SUCCESS", []);
        return Assert.Single((await source.Freeze("v1", Cancellation))!.Files);
    }

    private protected static async Task<byte[]> ReadAll(ISourceSession source, SourceFile file) =>
        await Packed.Unpack((await source.Read("v1", file, 0, Cancellation)).Text);

    private protected static Task<SourceException> Refused(Func<Task> action) => Assert.ThrowsAsync<SourceException>(action);

    private async Task AssertCorrupt(string name, byte[] body)
    {
        await using var source = await Open(Spec);
        var file = await Frozen(source, name, body);

        var failure = await Refused(() => ReadAll(source, file));

        Assert.Equal(DatasetCodes.SourceCorrupt, failure.Code);
        Assert.Contains($"v1/{name}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Write the file anew", failure.Message, StringComparison.Ordinal);
    }

    private static byte[] Pack(string name, byte[] text) => Path.GetExtension(name) switch
    {
        ".gz" => Packed.Gzip(text),
        ".zst" => Packed.Zstd(text),
        _ => text,
    };
}
