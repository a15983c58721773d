using System.Diagnostics.Metrics;

namespace ClusterGrains.Storage;

/// <summary>What the storage does. Tag <c>operation</c>: read, write.</summary>
internal sealed class StorageMetrics
{
    public const string MeterName = "ClusterGrains.Storage";

    private static readonly KeyValuePair<string, object?> Read = new("operation", "read");
    private static readonly KeyValuePair<string, object?> Write = new("operation", "write");

    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _batchDuration;
    private readonly UpDownCounter<int> _queueLength;
    private readonly Histogram<double> _requestDuration;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _conflicts;
    private readonly Counter<long> _damagedReminders;

    public StorageMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _batchSize = meter.CreateHistogram<int>(
            "clustergrains.storage.batch.size",
            unit: "1",
            description: "Writes committed together.",
            tags: null,
            advice: new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });
        _batchDuration = meter.CreateHistogram<double>(
            "clustergrains.storage.batch.duration",
            unit: "s",
            description: "From the first statement of a group of writes to the end of its commit.",
            tags: null,
            advice: new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5] });
        _queueLength = meter.CreateUpDownCounter<int>(
            "clustergrains.storage.queue.length", unit: "1", description: "Operations that are not yet carried out.");
        _requestDuration = meter.CreateHistogram<double>(
            "clustergrains.storage.request.duration",
            unit: "s",
            description: "From asking MongoDB to its last answer, everything that was tried again included.",
            tags: null,
            advice: new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 10] });
        _retries = meter.CreateCounter<long>(
            "clustergrains.storage.retries", unit: "1", description: "Times that MongoDB was asked again after a failure that may pass.");
        _errors = meter.CreateCounter<long>(
            "clustergrains.storage.errors",
            unit: "1",
            description: "Operations that failed or were refused, conflicts excepted.");
        _conflicts = meter.CreateCounter<long>(
            "clustergrains.storage.conflicts",
            unit: "1",
            description: "Writes refused because the row had another ETag.");
        _damagedReminders = meter.CreateCounter<long>(
            "clustergrains.storage.reminders.damaged",
            unit: "{reminder}",
            description: "Reminders that could not be read and were passed over, at every reading until they are registered again.");
    }

    public void Committed(int operations, TimeSpan elapsed)
    {
        _batchSize.Record(operations);
        _batchDuration.Record(elapsed.TotalSeconds);
    }

    public void Queued(StorageOperation operation) => _queueLength.Add(1, Tag(operation));

    public void Dequeued(StorageOperation operation) => _queueLength.Add(-1, Tag(operation));

    public void Answered(StorageOperation operation, TimeSpan elapsed) =>
        _requestDuration.Record(elapsed.TotalSeconds, Tag(operation));

    public void TriedAgain(StorageOperation operation) => _retries.Add(1, Tag(operation));

    public void Failed(StorageOperation operation) => _errors.Add(1, Tag(operation));

    public void Conflicted() => _conflicts.Add(1);

    public void ReminderDamaged() => _damagedReminders.Add(1);

    private static KeyValuePair<string, object?> Tag(StorageOperation operation) =>
        operation is StorageOperation.Read ? Read : Write;
}

internal enum StorageOperation
{
    Read,
    Write,
}
