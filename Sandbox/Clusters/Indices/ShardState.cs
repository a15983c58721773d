namespace ClusterGrains.Sandbox.Clusters.Indices;

/// <summary>Where the shards of an index are.</summary>
/// <param name="Primaries">Active ones.</param>
/// <param name="Active">With replicas.</param>
/// <param name="Unassigned">With replicas.</param>
internal readonly record struct ShardState(int Primaries, int Active, int Unassigned)
{
    /// <summary>The first ones have no copy left.</summary>
    public int LostPrimaries { get; private init; }

    public string Status => LostPrimaries > 0 ? "red" : Unassigned > 0 ? "yellow" : "green";

    public static ShardState Of(PretendIndex index, Conditions now)
    {
        var (shards, replicas) = (index.Shards, index.Replicas);
        var missing = index.Lost ? shards : now.Red ? 1 : 0;
        var placed = Math.Min(replicas, now.DataNodes - 1);
        if (now.Yellow && placed > 0)
        {
            placed--;
        }

        var primaries = shards - missing;
        var active = primaries * (1 + placed);
        return new ShardState(primaries, active, shards * (1 + replicas) - active) { LostPrimaries = missing };
    }

    /// <summary>Whether a shard has no copy left.</summary>
    public bool IsMissing(int shard) => shard < LostPrimaries;
}
