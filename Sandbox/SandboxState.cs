using ClusterGrains.Sandbox.Clusters;

namespace ClusterGrains.Sandbox;

/// <summary>What the sandbox remembers between runs, in <c>sandbox.json</c>.</summary>
internal sealed record SandboxState
{
    /// <summary>Where breakages are ordered; 0 before the first run.</summary>
    public int ControlPort { get; init; }

    /// <summary>Every pretend cluster there ever was, in the order of their ports.</summary>
    public IReadOnlyList<KnownCluster> Clusters { get; init; } = [];

    /// <summary>Whether the first SearchDataset was created; from then on it belongs to the user.</summary>
    public bool ProductsApplied { get; init; }
}

/// <summary>One pretend cluster.</summary>
/// <param name="Engine">Name of the <see cref="PretendEngine"/>.</param>
/// <param name="Port">Stays for ever: its SearchCluster names it.</param>
/// <param name="Applied">Whether its SearchCluster was created; from then on that belongs to the user.</param>
internal sealed record KnownCluster(string Name, string Engine, int Port, bool Applied);
