using System.Text.Json.Serialization;

namespace ClusterGrains.History;

/// <summary>What a history record tells. Also the folder it lies in, in lower case.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecordKind>))]
public enum RecordKind
{
    /// <summary>One check run, completed or not.</summary>
    Check,

    /// <summary>The verdict changed.</summary>
    Transition,

    /// <summary>The resource is gone; the last record of its uid.</summary>
    Tombstone,

    /// <summary>Records that had to be dropped while the store was away.</summary>
    Gap,
}
