using System.Collections.Immutable;
using ClusterGrains.Datasets;
using ClusterGrains.Datasets.Loading;

namespace ClusterGrains.Tests.Datasets.Loading;

/// <summary>One load with what it told.</summary>
internal sealed class LoadTrial(MemorySource source, BulkIndex index)
{
    public List<LoadProgress> Told { get; } = [];

    public IEnumerable<RejectedDocument> Rejected => Told.SelectMany(progress => progress.Rejected);

    public LoadJob Job { get; set; } = new()
    {
        Source = source,
        Version = source.Version,
        Index = index,
        Alias = "products-v1-1.a1",
        Limits = new LoadSpec { BatchBytes = new(64 << 10), Workers = 4 },
        Checkpoint = (_, _) => Task.CompletedTask,
    };

    public Task<LoadEnd> Run(TimeProvider? time = null) => new Loader(time ?? new HastyTime()).Load(
        Job with
        {
            Checkpoint = async (progress, cancellationToken) =>
            {
                await Job.Checkpoint(progress, cancellationToken);
                Told.Add(progress);
            },
        },
        TestContext.Current.CancellationToken);

    public static BulkAnswer Failed(params BulkItem[] items) => new(BulkResult.Taken, [.. items]);

    public static BulkItem Poison(int position) =>
        new(position, BulkResult.Refused, 400, "mapper_parsing_exception", "failed to parse field [price]");

    public static BulkItem Busy(int position) =>
        new(position, BulkResult.Busy, 429, "es_rejected_execution_exception", "queue capacity = 200");
}
