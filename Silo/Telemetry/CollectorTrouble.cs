using System.Diagnostics.Tracing;
using ClusterGrains.Resources;

namespace ClusterGrains.Telemetry;

/// <summary>
/// Says in the log what the exporter keeps to itself: that the collector does not take what is sent. Once in a while, since
/// it fails again every few seconds.
/// </summary>
internal sealed class CollectorTrouble(TimeProvider time, ILogger<CollectorTrouble> logger) : EventListener, IHostedService
{
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";
    private const int MaxProblem = 300;

    private long _saidAt;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Exporter)
        {
            EnableEvents(eventSource, EventLevel.Error);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        var (last, now) = (Volatile.Read(ref _saidAt), time.GetTimestamp());
        var isDue = last == 0 || time.GetElapsedTime(last, now) >= Pause;
        if (isDue && Interlocked.CompareExchange(ref _saidAt, now, last) == last)
        {
            var words = eventData.Payload?.Select(word => word?.ToString()) ?? [];
            logger.NotTaken(SafeText.Clean(string.Join(": ", words), MaxProblem));
        }
    }
}
