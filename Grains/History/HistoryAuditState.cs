using System.Text.Json.Serialization;

namespace ClusterGrains.History;

/// <summary>What outlives the audit's silo: what the last complete audit found.</summary>
public sealed record HistoryAuditState
{
    public HistoryAuditNews News { get; init; } = new();
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HistoryAuditState))]
internal sealed partial class HistoryAuditJson : JsonSerializerContext;
