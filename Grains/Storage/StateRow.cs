using System.Text.Json.Serialization;

namespace ClusterGrains.Storage;

/// <summary>One stored state, as the storage has it.</summary>
/// <param name="SchemaVersion">The layout of <paramref name="Document"/>; see <see cref="IIndexedState"/>.</param>
/// <param name="Index">Null for a state that is not in the index.</param>
/// <param name="Document">JSON text.</param>
public sealed record StateRow(StateKey Key, string ETag, int SchemaVersion, IndexRow? Index, string Document)
{
    /// <summary>Which of ETag, schema version and document cannot be read; they are empty here. Null for none.</summary>
    [JsonIgnore]
    public string? Damage { get; init; }
}

/// <summary>Which state. The grain's type is part of its id: two types may use the same key and state name.</summary>
public readonly record struct StateKey(string GrainId, string StateName)
{
    public override string ToString() => $"state '{StateName}' of grain '{GrainId}'";
}
