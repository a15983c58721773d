using System.Buffers;
using System.Security.Cryptography;

namespace ClusterGrains.Transfer;

/// <summary>What states and reminders come to. Two storages that come to the same hold the same.</summary>
internal sealed class TransferDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _states;
    private long _reminders;

    public TransferEnd End => new(_states, _reminders, Convert.ToHexStringLower(_hash.GetCurrentHash()));

    /// <summary>What lines that are written as this version writes them come to.</summary>
    public static async Task<TransferEnd> Of(IAsyncEnumerable<TransferLine> lines, CancellationToken cancellationToken)
    {
        using var digest = new TransferDigest();
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            digest.Add(line, new ReadOnlySequence<byte>(line.Bytes()));
        }

        return digest.End;
    }

    /// <param name="bytes">The line without its end.</param>
    public void Add(TransferLine line, ReadOnlySequence<byte> bytes)
    {
        _ = line.State is null ? _reminders++ : _states++;
        foreach (var piece in bytes)
        {
            _hash.AppendData(piece.Span);
        }

        _hash.AppendData("\n"u8);
    }

    public void Dispose() => _hash.Dispose();
}
