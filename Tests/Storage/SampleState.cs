using System.Text.Json.Serialization;
using ClusterGrains.Storage;

namespace ClusterGrains.Tests.Storage;

/// <summary>A state as grains have them. Its document is in the golden rows.</summary>
internal sealed record SampleState : IIndexedState
{
    [JsonIgnore]
    public int SchemaVersion => 1;

    public string Name { get; init; } = "";

    [JsonIgnore]
    public string Kind { get; init; } = "Sample";

    [JsonIgnore]
    public string Namespace { get; init; } = "default";

    [JsonIgnore]
    public string Phase { get; init; } = "Active";

    public long Revision { get; init; }

    public string? Claim { get; init; }

    public string? Summary { get; init; }

    public DateTimeOffset? NextDue { get; init; }

    public string Padding { get; init; } = "";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? CreatedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LateAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Silo { get; init; }

    [JsonIgnore]
    public IndexRow Index => new(
        Kind,
        Namespace,
        Name,
        $"uid-{Name}",
        Generation: 7,
        Intent: "run-now",
        Phase,
        NextDue,
        Revision,
        Claim,
        Summary,
        CreatedAt,
        LateAt,
        Silo);
}

/// <summary>The same state as a version to come may write it.</summary>
internal sealed record NewerSampleState : IIndexedState
{
    [JsonIgnore]
    public int SchemaVersion => 2;

    public string Name { get; init; } = "";

    [JsonIgnore]
    public IndexRow Index => new SampleState { Name = Name }.Index;
}

/// <summary>A state that is not in the index.</summary>
internal sealed record PlainState
{
    public int Value { get; init; }

    public string Text { get; init; } = "";
}

/// <summary>A state that nobody registered.</summary>
internal sealed record UnknownState;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SampleState))]
[JsonSerializable(typeof(NewerSampleState))]
[JsonSerializable(typeof(PlainState))]
internal sealed partial class SampleJson : JsonSerializerContext;
