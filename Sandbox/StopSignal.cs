using System.Runtime.InteropServices;

namespace ClusterGrains.Sandbox;

/// <summary>Ctrl-C and its relatives. After one the process ends with 0 in less than 5 s, whatever hangs.</summary>
internal sealed class StopSignal : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4.5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly ITimer _deadline;

    public StopSignal(TimeProvider time)
    {
        _deadline = time.CreateTimer(
            _ => Environment.Exit(0), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Stop))];
    }

    public CancellationToken Token => _stopping.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _deadline.Dispose();
        _stopping.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_stopping.IsCancellationRequested)
        {
            _deadline.Change(Patience, Timeout.InfiniteTimeSpan);
            _stopping.Cancel();
        }
    }
}
