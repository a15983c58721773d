using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ClusterGrains.Datasets.Loading;

/// <summary>The one reader: cuts the source into lines, looks at each, and fills batches with those that are documents.</summary>
/// <param name="send">Takes over a batch that has something to send.</param>
internal sealed class Feed(LoadJob job, BatchPool batches, LoadPrefix prefix, LineReader lines, Action<Batch> send)
{
    // Of one batch; they wait in memory.
    private const int MostRejected = 100;

    private readonly int _maxBytes = (int)job.Limits.BatchBytes.Bytes;
    private readonly byte[] _idField = Encoding.UTF8.GetBytes(job.IdField ?? "");
    private readonly byte[] _generatedId = new byte[64];
    private int _prefixLength;
    private long _total = job.Counts.Lines;
    private LoadPosition _position = job.From;
    private Batch? _batch;
    private SourceText? _text;

    private ImmutableArray<SourceFile> Files => job.Version.Files;

    private SourceFile File => Files[_position.File];

    private Stretch Stretch => _batch!.Stretch;

    public async Task Run(CancellationToken cancellationToken)
    {
        try
        {
            _batch = await batches.Rent(cancellationToken);
            while (_position.File < Files.Length)
            {
                await ReadFile(cancellationToken);
                _position = new LoadPosition(_position.File + 1, 0, 0);
            }

            Close();
        }
        finally
        {
            if (_batch is not null)
            {
                batches.Return(_batch);
            }
        }
    }

    private async Task ReadFile(CancellationToken cancellationToken)
    {
        NameIds();
        await using var text = await job.Source.Read(job.Version.Version, File, _position.Byte, cancellationToken);
        _text = text;
        lines.Open(text.Text);
        do
        {
            while (TakeLines())
            {
                await Next(cancellationToken);
            }
        }
        while (await lines.Fill(cancellationToken));
    }

    /// <summary>Takes what is there. True when the batch must go first.</summary>
    private bool TakeLines()
    {
        while (lines.TryPeek(out var line))
        {
            if (IsFull() || !TryTake(line))
            {
                return true;
            }

            lines.Advance();
            _position = _position with { Line = _position.Line + 1, Byte = _position.Byte + line.Bytes };
            _total++;
            Stretch.Lines++;
            Stretch.Bytes += line.Bytes;
        }

        return false;
    }

    /// <summary>Whether the batch goes although there is room: much was blank or rejected, or the sample is complete.</summary>
    private bool IsFull() =>
        Stretch.Bytes >= _maxBytes
        || Stretch.Rejected.Count >= MostRejected
        || Stretch.Rejected.IsTooMuch
        || (_total == LoadPrefix.Sample && Stretch.Lines > 0);

    private bool TryTake(Line line)
    {
        var text = line.Text;
        if (_position is { Line: 0, Byte: 0 } && text.StartsWith("\uFEFF"u8))
        {
            text = text[3..];
        }

        if (line.TooLong)
        {
            Reject(text, line.Bytes);
            return true;
        }

        if (text.IndexOfAnyExcept(" \t\r"u8) < 0)
        {
            return true;
        }

        if (Document.Inspect(text, _idField, out var id) is { } problem)
        {
            Reject(text, problem);
            return true;
        }

        id = _idField.Length > 0 ? id : GenerateId();
        if (Batch.SizeOf(id.Length, text.Length) > _maxBytes)
        {
            Reject(text, line.Bytes);
            return true;
        }

        return _batch!.TryAdd(id, text, _position.File, _position.Line + 1, batches.Limit);
    }

    private void Reject(ReadOnlySpan<byte> text, long bytes) => Reject(text, new DocumentProblem(
        "document_too_large", $"The line has {bytes} bytes; a request holds {_maxBytes} (load.batchBytes)."));

    private void Reject(ReadOnlySpan<byte> text, DocumentProblem problem) => Stretch.Reject(
        _position.File,
        new RejectedDocument(
            File.Name, _position.Line + 1, null, 0, problem.Type, RejectedText.Reason(problem.Reason), RejectedText.Raw(text)));

    private async ValueTask Next(CancellationToken cancellationToken)
    {
        Close();
        await prefix.WaitForRoom(cancellationToken);
        _batch = await batches.Rent(cancellationToken);
    }

    /// <summary>The batch is on its way; the reader has none.</summary>
    private void Close()
    {
        var batch = _batch!;
        _batch = null;
        batch.Stretch.End = _position;
        batch.Stretch.SourceBytes = SourceBytes();
        prefix.Open(batch.Stretch);
        if (batch.Count > 0)
        {
            send(batch);
            return;
        }

        prefix.Settle(batch.Stretch);
        batches.Return(batch);
    }

    private long SourceBytes()
    {
        var done = 0L;
        for (var file = 0; file < _position.File; file++)
        {
            done += Files[file].Size;
        }

        if (_position.File == Files.Length)
        {
            return done;
        }

        var here = File.Format == DataFormat.Plain ? _position.Byte : _text?.SourceBytes() ?? 0;
        return done + Math.Min(here, File.Size);
    }

    private void NameIds()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(File.Name), hash);
        Convert.TryToHexStringLower(hash[..8], _generatedId, out _);
        _generatedId[16] = (byte)'-';
        _prefixLength = 17;
    }

    private ReadOnlySpan<byte> GenerateId()
    {
        System.Buffers.Text.Utf8Formatter.TryFormat(_position.Line + 1, _generatedId.AsSpan(_prefixLength), out var digits);
        return _generatedId.AsSpan(0, _prefixLength + digits);
    }
}
