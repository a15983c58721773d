using System.Buffers;
using System.IO.Compression;

namespace ClusterGrains.Transfer;

/// <summary>Writes an export. It has its name only once it is whole and on the disk.</summary>
internal sealed class TransferWriter : IAsyncDisposable
{
    private readonly string _file;
    private readonly FileStream _bytes;
    private readonly GZipStream _text;
    private readonly TransferDigest _digest = new();

    /// <exception cref="TransferException">The name is taken.</exception>
    /// <exception cref="IOException">It cannot be written there.</exception>
    public TransferWriter(string file)
    {
        RequireFree(file);
        _file = file;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            // Specs and messages are nobody else's business.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _bytes = new FileStream(Partial, options);
        _text = new GZipStream(_bytes, CompressionLevel.Optimal, leaveOpen: true);
    }

    private string Partial => _file + ".partial";

    public Task Begin(TransferHeader header, CancellationToken cancellationToken) =>
        Write(new TransferLine { Header = header }.Bytes(), cancellationToken);

    public async Task Add(TransferLine line, CancellationToken cancellationToken)
    {
        var bytes = line.Bytes();
        _digest.Add(line, new ReadOnlySequence<byte>(bytes));
        await Write(bytes, cancellationToken);
    }

    /// <exception cref="TransferException">Somebody took the name meanwhile.</exception>
    public async Task<TransferEnd> Finish(CancellationToken cancellationToken)
    {
        var end = _digest.End;
        await Write(new TransferLine { End = end }.Bytes(), cancellationToken);
        await _text.DisposeAsync();
        _bytes.Flush(flushToDisk: true);
        await _bytes.DisposeAsync();
        RequireFree(_file);
        File.Move(Partial, _file);
        return end;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _text.DisposeAsync();
        }
        finally
        {
            await _bytes.DisposeAsync();
            _digest.Dispose();
            File.Delete(Partial);
        }
    }

    private static void RequireFree(string file)
    {
        if (Path.Exists(file))
        {
            throw new TransferException($"{file} is there already. Name another file, or delete that one.");
        }
    }

    private async Task Write(byte[] line, CancellationToken cancellationToken)
    {
        await _text.WriteAsync(line, cancellationToken);
        await _text.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }
}
