namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>Carries a refusal from where it is found to where it is answered.</summary>
internal sealed class EngineException(EngineError error) : Exception($"{error.Type}: {error.Reason}")
{
    public EngineError Error { get; } = error;
}
