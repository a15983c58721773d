using System.Collections.Concurrent;
using System.Diagnostics;
using ClusterGrains.Telemetry;
using ClusterGrains.Tests.Resources;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ClusterGrains.Tests.Telemetry;

/// <summary>
/// Every span that ends in this process while it listens, sampled as a silo samples. Other tests run at the same time: take what
/// belongs to a trace, or to a name that nobody else uses.
/// </summary>
internal sealed class SpanLog : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly Signal _signal = new();
    private readonly TracerProvider _provider;

    public SpanLog(double ratio = 1) =>
        _provider = Sdk.CreateTracerProviderBuilder().AddSilo(ratio).AddProcessor(new Keeper(this)).Build();

    public IEnumerable<Activity> All => _spans;

    /// <summary>A name for a resource that no other test uses.</summary>
    public static string NewName() => $"traced-{Guid.NewGuid():N}";

    /// <summary>The spans of one trace that have ended, in the order in which they began.</summary>
    public IReadOnlyList<Activity> Of(ActivityTraceId trace) =>
        [.. _spans.Where(span => span.TraceId == trace).OrderBy(span => span.StartTimeUtc)];

    /// <summary>The first span that fits.</summary>
    public Task<Activity> Await(Func<Activity, bool> fits, string what) => _signal.Await(() => _spans.FirstOrDefault(fits), what);

    /// <summary>The spans of one trace, as soon as one has ended that fits and all whose children ended have ended too.</summary>
    public Task<IReadOnlyList<Activity>> Await(ActivityTraceId trace, Func<Activity, bool> fits, string what) => _signal.Await(
        () => Of(trace) is var spans && spans.Any(fits) && spans.All(span => IsRoot(span) || spans.Any(parent => parent.SpanId == span.ParentSpanId))
            ? spans
            : null,
        $"{what} in one piece; seen {string.Join(", ", Of(trace).Select(span => $"{span.DisplayName} {span.SpanId} of {span.ParentSpanId}"))}");

    public static bool IsRoot(Activity span) => span.ParentSpanId == default;

    /// <summary>What led to a span, from the root on.</summary>
    public static IEnumerable<string> Path(IReadOnlyList<Activity> trace, Activity span) =>
        IsRoot(span) ? [span.DisplayName] : [.. Path(trace, trace.Single(one => one.SpanId == span.ParentSpanId)), span.DisplayName];

    public void Dispose() => _provider.Dispose();

    private sealed class Keeper(SpanLog log) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            log._spans.Enqueue(data);
            log._signal.Changed();
        }
    }
}
