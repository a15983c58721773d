using ClusterGrains.History;
using ClusterGrains.Status;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Resources;

/// <summary>What every kind's grain works with.</summary>
internal sealed record ResourceContext(
    IResourceApi Api,
    IStatusApi Status,
    IHistoryStore History,
    IEventRecorder Events,
    IReminderTable Reminders,
    RunAdmission Admission,
    StatusPace Pace,
    ResourceMetrics Metrics,
    IOptions<CheckOptions> Checks,
    IOptions<StatusOptions> StatusOptions,
    OutboxMetrics Outboxes,
    ILocalSiloDetails Silo,
    ILoggerFactory Loggers)
{
    /// <summary>What resource grains say; their own type is generic, and so no name for a category.</summary>
    public ILogger Log { get; } = Loggers.CreateLogger("ClusterGrains.Resources.ResourceGrain");

    public TimeProvider Time => Pace.Time;

    /// <summary>This silo in the index: its address as <see cref="Orleans.Runtime.SiloAddress.FromParsableString"/> reads it.</summary>
    public string SiloAddress { get; } = Silo.SiloAddress.ToParsableString();
}
