using ClusterGrains.Datasets;
using ClusterGrains.Tests.History;

namespace ClusterGrains.Tests.Datasets;

public sealed class FileSourceTests : VersionSourceContract, IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SourceWorld _world;

    public FileSourceTests()
    {
        Directory.CreateDirectory(PathOf(""));
        _world = new SourceWorld([_folder.Path]);
    }

    private protected override SourceSpec Spec => new() { Uri = $"file://{PathOf("")}" };

    [Fact]
    public async Task A_folder_is_refused_unless_the_operator_allows_it()
    {
        using var closed = new SourceWorld();
        using var elsewhere = new SourceWorld([PathOf("other")]);

        var refused = await Assert.ThrowsAsync<DependencyException>(() => closed.Open(Spec));
        var outside = await Assert.ThrowsAsync<DependencyException>(() => elsewhere.Open(Spec));

        Assert.Equal((Dependency.Source, Dependency.Source), (refused.Dependency, outside.Dependency));
        Assert.Contains("Datasets:FileRoots", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"does not lie below {PathOf("other")}", outside.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named_with_the_cure()
    {
        var failure = await Assert.ThrowsAsync<DependencyException>(() => _world.Open(new() { Uri = Spec.Uri + "-missing" }));

        Assert.Contains("-missing; create it, or mount", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_is_itself_a_link_out_of_the_roots_is_refused()
    {
        using var other = new TestFolder();
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "link"), other.Path);

        await Assert.ThrowsAsync<DependencyException>(() => _world.Open(new() { Uri = $"file://{_folder.Path}/link" }));
    }

    [Fact]
    public async Task Links_below_the_root_are_followed_and_links_out_of_it_are_not()
    {
        using var other = new TestFolder();
        await File.WriteAllTextAsync(Path.Combine(other.Path, "_SUCCESS"), "", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(other.Path, "secret"), "x", Cancellation);
        await Version("v1", "a.ndjson");
        await Version("v2", "b.ndjson");
        Directory.CreateSymbolicLink(PathOf("v3"), "v1");
        Directory.CreateSymbolicLink(PathOf("v4"), other.Path);
        File.CreateSymbolicLink(PathOf("v2/link.ndjson"), Path.Combine(other.Path, "secret"));
        await using var source = await Open(Spec);

        Assert.Equal([new("v1", true), new("v2", true), new("v3", true)], await source.Folders(Cancellation));
        Assert.Equal("a.ndjson", Assert.Single((await source.Freeze("v3", Cancellation))!.Files).Name);
        Assert.Null(await source.Freeze("v4", Cancellation));
        var failure = await Assert.ThrowsAsync<DependencyException>(() => source.Freeze("v2", Cancellation));
        Assert.Contains("link.ndjson leads out of", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DependencyException>(
            () => source.Read("v2", new SourceFile("link.ndjson", 1, "x", DataFormat.Plain), 0, Cancellation));
        await Assert.ThrowsAsync<DependencyException>(
            () => source.Read("v2", new SourceFile("../../x", 1, "x", DataFormat.Plain), 0, Cancellation));
    }

    [Fact]
    public async Task Links_in_a_circle_end()
    {
        await Version("v1", "a/b.ndjson");
        Directory.CreateSymbolicLink(PathOf("v1/a/up"), PathOf("v1"));
        File.CreateSymbolicLink(PathOf("v1/x"), PathOf("v1/y"));
        File.CreateSymbolicLink(PathOf("v1/y"), PathOf("v1/x"));
        await using var source = await Open(Spec);

        await Assert.ThrowsAsync<DependencyException>(() => source.Freeze("v1", Cancellation));
        File.Delete(PathOf("v1/x"));
        File.Delete(PathOf("v1/y"));

        Assert.NotEmpty((await source.Freeze("v1", Cancellation))!.Files);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_changes_while_it_is_read_is_noticed_at_its_end(bool renamed)
    {
        await using var source = await Open(Spec);
        var file = await Frozen(source, "a.ndjson", Packed.Lines(100));
        var read = await source.Read("v1", file, 0, Cancellation);
        await read.Text.ReadExactlyAsync(new byte[10], Cancellation);

        if (renamed)
        {
            await Put("new", Packed.Lines(101));
            File.Move(PathOf("new"), PathOf("v1/a.ndjson"), overwrite: true);
        }
        else
        {
            await File.AppendAllTextAsync(PathOf("v1/a.ndjson"), "{}\n", Cancellation);
        }

        Assert.Equal(DatasetCodes.SourceChanged, (await Refused(() => Packed.Unpack(read.Text))).Code);
    }

    public void Dispose()
    {
        _world.Dispose();
        _folder.Dispose();
    }

    private protected override Task<ISourceSession> Open(SourceSpec spec) => _world.Open(spec);

    private protected override Task Put(string name, byte[] body)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        return File.WriteAllBytesAsync(PathOf(name), body, Cancellation);
    }

    private protected override Task Delete(string name)
    {
        File.Delete(PathOf(name));
        return Task.CompletedTask;
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, "products", name).TrimEnd('/');
}
