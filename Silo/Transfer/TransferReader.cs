using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ClusterGrains.Resources;

namespace ClusterGrains.Transfer;

/// <summary>Reads an export line by line. What its end says is compared with what was read before its last line is given out.</summary>
internal sealed class TransferReader : IAsyncDisposable
{
    /// <summary>Far more than any row: MongoDB takes none of more than 16 MiB.</summary>
    private const int MaxLine = 64 << 20;

    private const string Cure = "Copy it once more, as it is, or export again.";

    private readonly string _file;
    private readonly GZipStream _text;
    private readonly LineReader _lines;
    private readonly TransferDigest _digest = new();
    private long _number;

    private TransferReader(string file)
    {
        _file = file;
        _text = new GZipStream(Open(file), CompressionMode.Decompress);
        _lines = new LineReader(_text, MaxLine);
    }

    /// <summary>Its states and reminders.</summary>
    /// <exception cref="TransferException">It is no whole export that this version can read; also at its very end.</exception>
    public static async IAsyncEnumerable<TransferLine> Lines(
        string file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = new TransferReader(file);
        reader.Check((await reader.Next(cancellationToken)).Header);
        while (await reader.Next(cancellationToken) is var line && line.End is null)
        {
            yield return line;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _lines.DisposeAsync();
        await _text.DisposeAsync();
        _digest.Dispose();
    }

    private static FileStream Open(string file)
    {
        try
        {
            return File.OpenRead(file);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TransferException($"There is no {file}. Name a file that export wrote.", missing);
        }
    }

    private void Check(TransferHeader? header)
    {
        if (header is not { Format: TransferHeader.Name })
        {
            throw Broken($"header.format is '{header?.Format}' and not '{TransferHeader.Name}': it is no export");
        }

        if (header.Version is < 1 or > TransferHeader.Current)
        {
            throw new TransferException(
                $"{_file} has header.version {header.Version}; this version reads up to {TransferHeader.Current}. Import it with the "
                + "version that exported it, or a newer one.");
        }
    }

    private async Task<TransferLine> Next(CancellationToken cancellationToken)
    {
        try
        {
            var line = await _lines.Read(cancellationToken);
            if (line.IsEnd)
            {
                throw Broken("it ends there, without the line 'end'");
            }

            _number++;
            var read = line.TooLong ? throw Broken($"it is longer than {MaxLine} bytes") : Parse(line);
            if (read.End is { } end)
            {
                await CheckEnd(end, cancellationToken);
            }
            else if (_number > 1)
            {
                _digest.Add(read, line.Bytes);
            }

            return read;
        }
        catch (InvalidDataException damage)
        {
            throw Broken($"it cannot be decompressed: {damage.Message}");
        }
    }

    private TransferLine Parse(Line line)
    {
        try
        {
            var json = new Utf8JsonReader(line.Bytes);
            var read = JsonSerializer.Deserialize(ref json, TransferJson.Lines.TransferLine);
            var parts = new object?[] { read?.Header, read?.State, read?.Reminder, read?.End }.Count(part => part is not null);
            _ = read?.Reminder?.Entry();
            return parts == 1 && (_number == 1) == (read!.Header is not null) ? read : throw Broken("it is none of an export");
        }
        catch (Exception damage) when (damage is JsonException or FormatException or ArgumentException)
        {
            throw Broken(damage.Message.TrimEnd('.'));
        }
    }

    private async Task CheckEnd(TransferEnd end, CancellationToken cancellationToken)
    {
        var found = _digest.End;
        if (end.States != found.States || end.Reminders != found.Reminders)
        {
            throw Broken(
                $"end says {end.States} states and {end.Reminders} reminders, and there are {found.States} and {found.Reminders}");
        }

        if (end.Sha256 != found.Sha256)
        {
            throw Broken($"end.sha256 is {end.Sha256}, and the lines before it come to {found.Sha256}: they were altered");
        }

        if (await _lines.Read(cancellationToken) is { IsEnd: false })
        {
            throw Broken("something follows the line 'end'");
        }
    }

    private TransferException Broken(string what) => new($"{_file}, line {_number}: {what}. {Cure}");
}
