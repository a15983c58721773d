namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>A scenario that cannot be read or played: which line, what is wrong with it, and the cure.</summary>
internal sealed class ScenarioException(int line, string problem, Exception? cause = null)
    : Exception($"line {line}: {problem}", cause)
{
    public int Line => line;
}
