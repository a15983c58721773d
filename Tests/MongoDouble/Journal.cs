using System.Buffers.Binary;
using System.IO.Hashing;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>
/// One file of records, each behind its length and checksum. What is appended together goes to the disk together: one
/// write and one flush for as many commands as have come in during the last.
/// </summary>
internal sealed class Journal : IDisposable
{
    private const int HeaderBytes = 8;
    private const int LargestRecord = 64 * 1024 * 1024;

    private readonly string _path;
    private readonly Lock _lock = new();
    private readonly Lock _disk = new();
    private readonly SemaphoreSlim _appended = new(0);
    private readonly Thread _writer;
    private MemoryStream _pending = new();
    private TaskCompletionSource _next = NewFlush();
    private Task _last = Task.CompletedTask;
    private FileStream _file;
    private long _length;
    private volatile bool _ends;

    /// <summary>Replays what is whole; a torn record at the end was never acknowledged and is cut off.</summary>
    public Journal(string path, Action<BsonDocument> replay)
    {
        _path = path;
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        _length = Replay(_file, replay);
        _file.SetLength(_length);
        _file.Position = _length;
        _writer = new Thread(WriteUntilEnd) { IsBackground = true, Name = "journal" };
        _writer.Start();
    }

    /// <summary>Length of the file in bytes.</summary>
    public long Length => Interlocked.Read(ref _length);

    /// <summary>The caller's lock keeps the records in the order of the changes.</summary>
    public void Append(BsonDocument record)
    {
        lock (_lock)
        {
            Write(_pending, record);
        }

        _appended.Release();
    }

    /// <summary>Completes when everything that has been appended so far outlives this process and the machine.</summary>
    public Task Durable()
    {
        lock (_lock)
        {
            return _pending.Length > 0 ? _next.Task : _last;
        }
    }

    /// <summary>Puts these records, which are all there is to know, in the place of all before them.</summary>
    public void Rewrite(IEnumerable<BsonDocument> records)
    {
        lock (_disk)
        lock (_lock)
        {
            var next = new FileStream(_path + ".new", FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
            foreach (var record in records)
            {
                Write(next, record);
            }

            next.Flush(flushToDisk: true);
            File.Move(_path + ".new", _path, overwrite: true);
            _file.Dispose();
            _file = next;
            Interlocked.Exchange(ref _length, next.Length);
            _pending.SetLength(0);
            _next.SetResult();
            _next = NewFlush();
            _last = Task.CompletedTask;
        }
    }

    public void Dispose()
    {
        _ends = true;
        _appended.Release();
        _writer.Join();
        _file.Dispose();
        _appended.Dispose();
    }

    private static TaskCompletionSource NewFlush() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Write(Stream stream, BsonDocument record)
    {
        var body = record.ToBson();
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Crc32.HashToUInt32(body));
        stream.Write(header);
        stream.Write(body);
    }

    private static long Replay(Stream stream, Action<BsonDocument> replay)
    {
        var file = new BufferedStream(stream, 1 << 20);
        var header = new byte[HeaderBytes];
        var whole = 0L;
        while (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) == HeaderBytes)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (length is < 5 or > LargestRecord)
            {
                break;
            }

            var body = new byte[length];
            if (file.ReadAtLeast(body, length, throwOnEndOfStream: false) < length
                || Crc32.HashToUInt32(body) != BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)))
            {
                break;
            }

            replay(BsonSerializer.Deserialize<BsonDocument>(body));
            whole += HeaderBytes + length;
        }

        return whole;
    }

    private void WriteUntilEnd()
    {
        while (!_ends)
        {
            _appended.Wait();
            lock (_disk)
            {
                WritePending();
            }
        }
    }

    private void WritePending()
    {
        MemoryStream records;
        TaskCompletionSource done;
        lock (_lock)
        {
            if (_pending.Length == 0)
            {
                return;
            }

            (records, _pending) = (_pending, new MemoryStream());
            (done, _next) = (_next, NewFlush());
            _last = done.Task;
        }

        // A failure ends the process, as it does mongod: memory must not run ahead of the disk.
        records.WriteTo(_file);
        _file.Flush(flushToDisk: true);
        Interlocked.Add(ref _length, records.Length);
        done.SetResult();
    }
}
