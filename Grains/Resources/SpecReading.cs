using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClusterGrains.Resources;

/// <summary>A spec, or why there is none.</summary>
/// <param name="Spec">Null exactly when there are problems.</param>
/// <param name="Problems">All that were found, the first <see cref="SpecReading.MaxProblems"/>, each with field and cure.</param>
public sealed record SpecReading<TSpec>(TSpec? Spec, ImmutableArray<SpecProblem> Problems)
    where TSpec : class;

/// <summary>Reads the specs of all kinds.</summary>
public static class SpecReading
{
    /// <summary>Nobody mends more than these at a time.</summary>
    public const int MaxProblems = 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = 64,
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false), new DurationConverter() },
    };

    /// <summary>
    /// Reads a spec. Fields we do not know are passed over: the schema may be newer than this silo. What is not there
    /// gets the schema's default, and what is there is checked again: the schema may also be older.
    /// </summary>
    /// <param name="json">The <c>spec</c> object.</param>
    /// <param name="singular">What <c>kubectl explain</c> calls the kind.</param>
    /// <param name="rules">What no schema can say. Lists may hold nulls there.</param>
    internal static SpecReading<TSpec> Read<TSpec>(
        string json, string singular, Func<TSpec, IEnumerable<SpecProblem>> rules)
        where TSpec : class
    {
        TSpec? spec;
        try
        {
            spec = JsonSerializer.Deserialize<TSpec>(json, Json);
        }
        catch (JsonException misfit)
        {
            return new(null, [Misfit(misfit.Path, singular)]);
        }

        if (spec is null)
        {
            return new(null, [Misfit(null, singular)]);
        }

        // The rules know better cures than the schema's forms.
        var problems = rules(spec).Concat(SpecSchema.Check("spec", spec))
            .DistinctBy(problem => problem.Field)
            .Take(MaxProblems)
            .ToImmutableArray();
        return problems.IsEmpty ? new(spec, []) : new(null, problems);
    }

    // The exception's own text names .NET types; the path is what helps.
    private static SpecProblem Misfit(string? jsonPath, string singular)
    {
        var path = jsonPath?.TrimStart('$').TrimStart('.') ?? "";
        return new(
            path.Length == 0 ? "spec" : $"spec.{SafeText.Clean(path, 128)}",
            "",
            $"A required field is missing or this value has the wrong type; `kubectl explain {singular}.spec --recursive` shows the types.");
    }
}
