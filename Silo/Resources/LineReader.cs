using System.Buffers;
using System.IO.Pipelines;

namespace ClusterGrains.Resources;

/// <summary>Cuts a stream into lines of UTF-8 without decoding them. Lines that are too long are passed over.</summary>
internal sealed class LineReader(Stream stream, int maxLine) : IAsyncDisposable
{
    private readonly PipeReader _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 32 << 10));
    private SequencePosition? _consumed;

    /// <summary>
    /// The next line without its end, valid until the next call; <see cref="Line.End"/> when there is none. A beginning
    /// without its line end is none: whoever wrote it broke off.
    /// </summary>
    public async ValueTask<Line> Read(CancellationToken cancellationToken)
    {
        var tooLong = false;
        while (true)
        {
            if (_consumed is { } consumed)
            {
                _pipe.AdvanceTo(consumed);
                _consumed = null;
            }

            var read = await _pipe.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                _consumed = buffer.GetPosition(1, end);
                var line = buffer.Slice(0, end);
                return tooLong || line.Length > maxLine ? new Line(default, TooLong: true) : new Line(line);
            }

            if (read.IsCompleted)
            {
                _pipe.AdvanceTo(buffer.End);
                return Line.End;
            }

            tooLong |= buffer.Length > maxLine;
            _pipe.AdvanceTo(tooLong ? buffer.End : buffer.Start, buffer.End);
        }
    }

    public ValueTask DisposeAsync() => _pipe.CompleteAsync();
}

/// <param name="TooLong">There was a line, but it was not kept.</param>
/// <param name="IsEnd">There are no more lines.</param>
internal readonly record struct Line(ReadOnlySequence<byte> Bytes, bool TooLong = false, bool IsEnd = false)
{
    public static readonly Line End = new(default, IsEnd: true);
}
