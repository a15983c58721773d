using System.Diagnostics;

namespace ClusterGrains.Resources;

/// <summary>
/// The span of something that is tried until it succeeds or something newer is asked for. Only its first tries show what they do
/// and why they failed: a trace does not grow with an outage.
/// </summary>
internal sealed class PatientSpan(ActivitySource source, string name)
{
    private const int ShownTries = 3;

    private Activity? _span;
    private TraceOrigin _origin;
    private int _tries;

    /// <summary>From here on the caller works for what was asked for at <paramref name="origin"/>.</summary>
    public Activity? Try(TraceOrigin origin)
    {
        if (origin != _origin)
        {
            End("Overtaken");
            _origin = origin;
            _span = origin.Start(source, name);
        }

        Activity.Current = ++_tries <= ShownTries ? _span : null;
        return _span;
    }

    public void Failed(Exception failure)
    {
        if (_tries <= ShownTries)
        {
            _span?.AddEvent(new ActivityEvent("failed", tags: new() { { "clustergrains.problem", Traces.Problem(failure) } }));
        }
    }

    public void End(string outcome)
    {
        _span?.SetTag("clustergrains.outcome", outcome).SetTag("clustergrains.tries", _tries).Dispose();
        (_span, _origin, _tries) = (null, default, 0);
        Activity.Current = null;
    }
}
