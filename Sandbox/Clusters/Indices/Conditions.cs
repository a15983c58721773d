namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>What a request meets.</summary>
internal sealed record Conditions
{
    public required Breakage Breakage { get; init; }

    /// <summary>Replicas beyond have no node to be on.</summary>
    public required int DataNodes { get; init; }

    /// <summary>The first shard of every index has neither primary nor replica.</summary>
    public bool Red => Breakage == Breakage.Red;

    /// <summary>Replicas have no place.</summary>
    public bool Yellow => Breakage == Breakage.Yellow;

    /// <summary>A disk is past the flood stage.</summary>
    public bool Flooded { get; init; }

    /// <summary>Whether that forbids changes of settings, mappings and aliases too. Newer Elasticsearch forbids only writes.</summary>
    public bool FloodForbidsChanges { get; init; }

    /// <summary>Refuses single items of a bulk by their position; null refuses none.</summary>
    public Func<int, EngineError?>? Items { get; init; }
}
