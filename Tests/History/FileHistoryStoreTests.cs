using ClusterGrains.History;
using ClusterGrains.Tests.Processes;

namespace ClusterGrains.Tests.History;

public sealed class FileHistoryStoreTests : HistoryStoreContract, IDisposable
{
    private readonly TestFolder _folder = new();

    private string Root => Path.Combine(_folder.Path, "history");

    private protected override Task<IHistoryStore> Open() =>
        Task.FromResult<IHistoryStore>(new FileHistoryStore(Root, TimeProvider.System));

    private protected override IHistoryStore OpenUnreachable()
    {
        File.WriteAllText(Root, "A file where the folder should be.");
        return new FileHistoryStore(Root, TimeProvider.System);
    }

    private protected override async Task<byte[]?> Read(string key) =>
        File.Exists(Path.Combine(Root, key)) ? await File.ReadAllBytesAsync(Path.Combine(Root, key), Cancellation) : null;

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/outside")]
    [InlineData("v1/../../outside")]
    public async Task No_key_leaves_the_folder(string key) =>
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await (await Open()).Put(key, Bytes("x"), Cancellation));

    [Fact]
    public async Task What_an_earlier_process_left_unfinished_is_swept()
    {
        var leftover = Path.Combine(Root, "_tmp", "leftover");
        Directory.CreateDirectory(Path.GetDirectoryName(leftover)!);
        await File.WriteAllTextAsync(leftover, "half", Cancellation);
        File.SetLastWriteTimeUtc(leftover, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        await (await Open()).Put("v1/key", Bytes("x"), Cancellation);

        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(leftover)!));
    }

    [Fact]
    public async Task A_kill_at_any_moment_leaves_only_whole_objects()
    {
        for (var round = 0; round < 5; round++)
        {
            await using var writer = ChildProcess.Start("write-history", Root, $"{round}");
            for (var line = 0; line < 20; line++)
            {
                Assert.NotNull(await writer.ReadLine(Cancellation));
            }

            await writer.Kill(Cancellation);
        }

        var objects = Directory.GetFiles(Path.Combine(Root, "v1"), "*", SearchOption.AllDirectories);
        Assert.InRange(objects.Length, 100, int.MaxValue);
        Assert.All(objects, file => Assert.Equal(WrittenByChild, File.ReadAllBytes(file)));
    }

    /// <summary>Creates objects until somebody ends it; a line for each.</summary>
    internal static async Task<int> WriteUntilKilled(string[] args, CancellationToken cancellationToken)
    {
        var store = new FileHistoryStore(args[0], TimeProvider.System);
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            await store.Put($"v1/round={args[1]}/{i}", WrittenByChild, cancellationToken);
            Console.WriteLine(i);
        }

        return 0;
    }

    private static byte[] WrittenByChild => [.. Enumerable.Range(0, 50_000).Select(i => (byte)(i * 7))];

    public void Dispose() => _folder.Dispose();
}
