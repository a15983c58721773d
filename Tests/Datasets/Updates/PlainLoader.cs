using System.Collections.Immutable;
using System.Text;
using ClusterGrains.Datasets;
using ClusterGrains.Datasets.Loading;

namespace ClusterGrains.Tests.Datasets.Updates;

/// <summary>A loader without concurrency: ten lines, one request, one checkpoint. Lines that say <c>bad</c> are rejected.</summary>
internal sealed class PlainLoader
{
    private const int Batch = 10;

    /// <summary>Ends the load like this once it got past the position.</summary>
    public LoadEnd? EndsWith { get; set; }

    /// <summary>Called before each request.</summary>
    public Action OnBatch { get; set; } = () => { };

    public async Task<LoadEnd> Load(LoadJob job, CancellationToken cancellationToken)
    {
        var (position, counts) = (job.From, job.Counts);
        for (var file = position.File; file < job.Version.Files.Length; file++)
        {
            await using var text = await job.Source.Read(job.Version.Version, job.Version.Files[file], 0, cancellationToken);
            var lines = (await new StreamReader(text.Text).ReadToEndAsync(cancellationToken)).Split('\n');
            for (var line = (int)(file == position.File ? position.Line : 0); line < lines.Length;)
            {
                OnBatch();
                if (EndsWith is { } end)
                {
                    return end;
                }

                var batch = lines.Skip(line).Take(Batch).ToArray();
                var good = batch.Index().Where(one => !one.Item.Contains("bad", StringComparison.Ordinal)).ToArray();
                var body = string.Concat(good.Select(one => $"{{\"index\":{{\"_id\":\"{file}-{line + one.Index}\"}}}}\n{one.Item}\n"));
                if ((await job.Index.Bulk(job.Alias, Encoding.UTF8.GetBytes(body), good.Length, cancellationToken)).Result is BulkResult.Gone)
                {
                    return new LoadEnd(LoadResult.Gone, position, counts);
                }

                var name = job.Version.Files[file].Name;
                ImmutableArray<RejectedDocument> rejected =
                [
                    .. batch.Index().Except(good).Select(one => new RejectedDocument(name, line + one.Index + 1, null, 400, "invalid_json", "bad", one.Item)),
                ];
                line += batch.Length;
                counts = Counted(counts, batch, rejected.Length);
                position = line < lines.Length ? new LoadPosition(file, line, 0) : new LoadPosition(file + 1, 0, 0);
                await job.Checkpoint(new LoadProgress(position, counts, rejected), cancellationToken);
                if (counts.Rejected > job.MaxRejected)
                {
                    return new LoadEnd(LoadResult.TooManyRejected, position, counts, $"{name}, line {rejected[0].Line}");
                }
            }
        }

        return new LoadEnd(LoadResult.Done, position, counts);
    }

    private static LoadCounts Counted(LoadCounts counts, string[] batch, int rejected) => counts with
    {
        Lines = counts.Lines + batch.Length,
        Acked = counts.Acked + batch.Length - rejected,
        Rejected = counts.Rejected + rejected,
        Bytes = counts.Bytes + batch.Sum(one => one.Length + 1),
        SourceBytes = counts.SourceBytes + batch.Sum(one => one.Length + 1),
    };
}
