namespace ClusterGrains.Datasets.Loading;

/// <summary>A contiguous stretch of the source that settles as one: every line taken, rejected or blank.</summary>
internal sealed class Stretch
{
    // Of an object, its four texts and its place in a list.
    private const int Overhead = 200;

    private readonly List<(int File, RejectedDocument Document)> _rejections = [];

    public LoadPosition End { get; set; } = new(0, 0, 0);

    /// <summary>Of the whole source, up to <see cref="End"/>.</summary>
    public long SourceBytes { get; set; }

    public long Lines { get; set; }

    /// <summary>Uncompressed.</summary>
    public long Bytes { get; set; }

    public long Acked { get; set; }

    public long Retries { get; set; }

    public bool IsSettled { get; set; }

    public RejectedSize Rejected { get; private set; }

    /// <summary>In order of the source.</summary>
    public IEnumerable<RejectedDocument> Rejections =>
        _rejections.OrderBy(one => one.File).ThenBy(one => one.Document.Line).Select(one => one.Document);

    public void Reject(int file, RejectedDocument document)
    {
        _rejections.Add((file, document));
        var characters = document.Raw.Length + document.Reason.Length + (document.Id?.Length ?? 0);
        Rejected += new RejectedSize(1, (2 * characters) + Overhead);
    }
}
