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
    ILogger<ResourceContext> Log)
{
    public TimeProvider Time => Pace.Time;
}
