using System.Diagnostics;

namespace ClusterGrains.Tests.Faults;

/// <summary>Kills its own process, as SIGKILL does, when the armed point is reached.</summary>
internal sealed class Crasher(string armed)
{
    private readonly Lock _gate = new();

    public void Reach(string point)
    {
        if (point == armed)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
            Thread.CurrentThread.Join();
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
