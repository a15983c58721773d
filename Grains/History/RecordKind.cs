using System.Text.Json.Serialization;

namespace ClusterGrains.History;

/// <summary>What a history record tells. Also the folder it lies in, in lower case.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecordKind>))]
public enum RecordKind
{
    /// <summary>One check run, completed or not.</summary>
    Check,

    /// <summary>The update of one version, ended in whichever way.</summary>
    Update,

    /// <summary>The verdict changed.</summary>
    Transition,

    /// <summary>The resource is gone; the last record of its uid.</summary>
    Tombstone,

    /// <summary>Records that had to be dropped while the store was away.</summary>
    Gap,

    /// <summary>
    /// What an update is going to load, written before its first document. Takes no number and never waits in an outbox.
    /// </summary>
    Plan,

    /// <summary>Documents that nobody took, written before they are counted. Takes no number either.</summary>
    Rejected,
}
