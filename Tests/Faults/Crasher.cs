using System.Diagnostics;

namespace ClusterGrains.Tests.Faults;

/// <summary>Kills its own process, as SIGKILL does, when the armed point is reached.</summary>
/// <param name="armed">A file with the name of the point; the test may replace it at any time.</param>
internal sealed class Crasher(string armed)
{
    private readonly Lock _gate = new();
    private string _point = CrashPoint.None;
    private int _reached;

    public void Reach(string point)
    {
        lock (_gate)
        {
            var wanted = File.ReadAllText(armed);
            if (wanted != _point)
            {
                (_point, _reached) = (wanted, 0);
            }

            if (wanted == point || (wanted.StartsWith($"{point} #", StringComparison.Ordinal) && wanted == CrashPoint.Nth(point, ++_reached)))
            {
                using var self = Process.GetCurrentProcess();
                self.Kill();
                Thread.CurrentThread.Join();
            }
        }
    }

    /// <summary>One line to the test that started this process, complete before the next effect.</summary>
    public void Tell(string line)
    {
        lock (_gate)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
