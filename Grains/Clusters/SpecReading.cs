using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>A spec, or why there is none.</summary>
/// <param name="Spec">Null exactly when there are problems.</param>
/// <param name="Problems">All that were found, each with field and cure.</param>
public sealed record SpecReading(SearchClusterSpec? Spec, ImmutableArray<SpecProblem> Problems)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = 16,
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false), new DurationConverter() },
    };

    /// <summary>
    /// Reads a spec. Fields we do not know are passed over: the schema may be newer than this silo. What is not there
    /// gets the schema's default: it may also be older.
    /// </summary>
    /// <param name="json">The <c>spec</c> object.</param>
    /// <param name="minimumInterval">The setting <c>Checks:MinimumInterval</c>.</param>
    public static SpecReading Read(string json, TimeSpan minimumInterval)
    {
        SearchClusterSpec? spec;
        try
        {
            spec = JsonSerializer.Deserialize<SearchClusterSpec>(json, Json);
        }
        catch (JsonException misfit)
        {
            return new(null, [Misfit(misfit)]);
        }

        if (spec is null)
        {
            return new(null, [new("spec", "", "Write a spec with at least one endpoint.")]);
        }

        var problems = SpecRules.Check(spec, minimumInterval).ToImmutableArray();
        return problems.IsEmpty ? new(spec, []) : new(null, problems);
    }

    // The exception's own text names .NET types; the path is what helps.
    private static SpecProblem Misfit(JsonException misfit)
    {
        var path = misfit.Path?.TrimStart('$').TrimStart('.') ?? "";
        return new(
            path.Length == 0 ? "spec" : $"spec.{SafeText.Clean(path, 128)}",
            "",
            "A required field is missing or this value has the wrong type; `kubectl explain searchcluster.spec --recursive` shows the types.");
    }

    private sealed class DurationConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String && Durations.TryParse(reader.GetString(), out var duration)
                ? duration
                : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Durations.Format(value));
    }
}
