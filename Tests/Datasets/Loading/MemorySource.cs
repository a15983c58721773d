using System.Collections.Immutable;
using System.Text;
using ClusterGrains.Datasets;

namespace ClusterGrains.Tests.Datasets.Loading;

/// <summary>Files in memory, handed out in pieces.</summary>
/// <param name="piece">Bytes of one read, at most.</param>
internal sealed class MemorySource(int piece, params (string Name, byte[] Text)[] files) : ISourceSession
{
    public MemorySource(params (string Name, string Text)[] files)
        : this(7, [.. files.Select(file => (file.Name, Encoding.UTF8.GetBytes(file.Text)))])
    {
    }

    public FrozenVersion Version { get; } = new(
        "v1", [.. files.Select(file => new SourceFile(file.Name, file.Text.Length, "etag", DataFormat.Plain))], "fingerprint", null);

    /// <summary>Where each read began.</summary>
    public List<(string File, long FromByte)> Reads { get; } = [];

    public int Open { get; private set; }

    /// <summary>What reading beyond this many bytes of a file throws.</summary>
    public (int AfterBytes, Exception Failure)? Breaks { get; init; }

    public Task<SourceText> Read(string version, SourceFile file, long fromByte, CancellationToken cancellationToken)
    {
        Reads.Add((file.Name, fromByte));
        Open++;
        var text = files.Single(one => one.Name == file.Name).Text[(int)fromByte..];
        return Task.FromResult(new SourceText(new Pieces(this, text, piece), () => file.Size));
    }

    public Task<ImmutableArray<VersionFolder>> Folders(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<FrozenVersion?> Freeze(string version, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> Digest(string version, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Pieces(MemorySource source, byte[] text, int piece) : MemoryStream(text)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return source.Breaks is { } breaks && Position >= breaks.AfterBytes
                ? throw breaks.Failure
                : Read(buffer.Span[..Math.Min(piece, buffer.Length)]);
        }

        protected override void Dispose(bool disposing)
        {
            source.Open -= disposing ? 1 : 0;
            base.Dispose(disposing);
        }
    }
}
