namespace ClusterGrains.Datasets.Loading;

/// <summary>A line of a file; valid until the reader goes on.</summary>
/// <param name="text">Without its line end; only the beginning when it is too long.</param>
/// <param name="bytes">Its line end included.</param>
internal readonly ref struct Line(ReadOnlySpan<byte> text, long bytes, bool tooLong)
{
    public ReadOnlySpan<byte> Text { get; } = text;

    public long Bytes { get; } = bytes;

    /// <summary>Longer than the reader holds.</summary>
    public bool TooLong { get; } = tooLong;
}
