namespace ClusterGrains;

/// <summary>
/// Something outside this process said no, or said nothing in time. It never crosses a grain call; the next tick is
/// the retry.
/// </summary>
public sealed class DependencyException(Dependency dependency, string message, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>Who failed. Also the value of the <c>dependency</c> metric tag.</summary>
    public Dependency Dependency { get; } = dependency;
}

/// <summary>What this process cannot do without.</summary>
public enum Dependency
{
    KubernetesApi,
    History,
    Storage,
    SearchCluster,
    Source,
}
