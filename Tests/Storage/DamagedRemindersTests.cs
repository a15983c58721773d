using System.Diagnostics.Metrics;
using ClusterGrains.Storage;
using ClusterGrains.Tests.Watch;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterGrains.Tests.Storage;

public sealed class DamagedRemindersTests
{
    [Fact]
    public void A_reminder_that_cannot_be_read_is_counted_every_time_and_told_once_until_it_was_whole()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var (log, counted) = (new LogLines(), 0L);
        var meters = services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "clustergrains.storage.reminders.damaged" && instrument.Meter.Scope == meters)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => counted += count);
        listener.Start();
        var reminders = new DamagedReminders(new StorageMetrics(meters), log.CreateLogger("storage"));

        Assert.Null(Read(reminders, "soon"));
        Assert.Null(Read(reminders, "soon"));
        Assert.Equal((2L, 1), (counted, log.Warnings.Count()));

        Assert.NotNull(Read(reminders, "2026-03-01T00:00:00.0000000Z"));
        Assert.Null(Read(reminders, "soon"));
        Assert.Equal((3L, 2), (counted, log.Warnings.Count()));
    }

    private static ReminderEntry? Read(DamagedReminders reminders, string start) => reminders.Read(
        "searchcluster/prod/logs", "run", column => column switch { "startAt" => start, "periodTicks" => 1L, _ => "etag" });
}
