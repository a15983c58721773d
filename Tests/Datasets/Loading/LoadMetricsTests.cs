using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClusterGrains.Datasets;
using ClusterGrains.Datasets.Loading;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterGrains.Tests.Datasets.Loading;

public sealed class LoadMetricsTests
{
    [Fact]
    public async Task Every_bulk_request_is_measured_with_what_became_of_it()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var results = new ConcurrentQueue<string?>();
        using var listener = new MeterListener();
        var ours = meters.Create(DatasetMetrics.MeterName);
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter, ours))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => results.Enqueue((string?)tags[0].Value));
        listener.Start();
        BulkAnswer[] answers =
        [
            new(BulkResult.Busy, []),
            LoadTrial.Failed(LoadTrial.Busy(0), LoadTrial.Busy(1)),
            new(BulkResult.TooLarge, []),
            LoadTrial.Failed(LoadTrial.Poison(0)),
            new(BulkResult.Gone, []),
        ];
        var trial = new LoadTrial(
            new MemorySource(("part-0", "{}\n{}\n{}\n")),
            new BulkIndex { Answer = (request, _) => Task.FromResult<BulkAnswer?>(answers[request - 1]) });
        trial.Job = trial.Job with { Limits = new LoadSpec { Workers = 1 }, MaxRejected = 1 };

        await new Loader(new HastyTime(), new LoadMetrics(meters)).Load(trial.Job, TestContext.Current.CancellationToken);

        Assert.Equal(["busy", "partly", "too_large", "taken", "gone"], results);
    }
}
