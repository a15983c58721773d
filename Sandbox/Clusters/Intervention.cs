using ClusterGrains.Sandbox.Clusters.Indices;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>A request as it arrives at a pretend cluster.</summary>
/// <param name="Path">Decoded, without the query.</param>
/// <param name="Bulk">The n-th bulk request since the start, from 1; 0 for another request.</param>
internal sealed record PretendRequest(string Method, string Path, int Bulk);

/// <summary>What a test does to one request. Everything is optional; what is set happens in this order.</summary>
internal sealed record Intervention
{
    /// <summary>Awaited before the request has any effect.</summary>
    public Func<CancellationToken, Task>? Before { get; init; }

    /// <summary>The connection is cut before the request has any effect.</summary>
    public bool CutBefore { get; init; }

    /// <summary>Answered in place of doing what was asked.</summary>
    public ClusterAnswer? Instead { get; init; }

    /// <summary>Refuses items of a bulk by their position, from 0.</summary>
    public Func<int, EngineError?>? Items { get; init; }

    /// <summary>Awaited after the request had its effect, before the answer goes out.</summary>
    public Func<CancellationToken, Task>? After { get; init; }

    /// <summary>The connection is cut after the request had its effect; nobody gets its answer.</summary>
    public bool CutAfter { get; init; }
}
