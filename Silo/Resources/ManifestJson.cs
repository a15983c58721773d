using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace ClusterGrains.Resources;

/// <summary>Reads a <see cref="Manifest"/> out of a custom resource as the API server writes it.</summary>
internal static class ManifestJson
{
    /// <summary>Null, with the reason, when the object lacks what every served object has.</summary>
    public static Manifest? Read(JsonElement item, out string? problem)
    {
        var metadata = item.Child("metadata");
        var spec = item.Child("spec");
        problem = Problem(metadata, spec, out var createdAt);
        return problem is not null
            ? null
            : new Manifest
            {
                Namespace = metadata.Text("namespace")!,
                Name = metadata.Text("name")!,
                Uid = metadata.Text("uid")!,
                Generation = metadata.Number("generation")!.Value,
                ResourceVersion = metadata.Text("resourceVersion")!,
                CreatedAt = createdAt,
                Spec = spec.ValueKind is JsonValueKind.Object ? spec.GetRawText() : "{}",
                Annotations = Annotations(metadata.Child("annotations")),
            };
    }

    /// <summary>Where the object lives, also when the rest of it cannot be read; null when even that is missing.</summary>
    public static ResourceKey? Key(JsonElement item)
    {
        var metadata = item.Child("metadata");
        return metadata.Text("namespace") is { Length: > 0 } inNamespace && metadata.Text("name") is { Length: > 0 } name
            ? new ResourceKey(inNamespace, name)
            : null;
    }

    private static string? Problem(JsonElement metadata, JsonElement spec, out DateTimeOffset createdAt)
    {
        createdAt = default;
        foreach (var field in (ReadOnlySpan<string>)["namespace", "name", "uid", "resourceVersion", "creationTimestamp"])
        {
            if (string.IsNullOrEmpty(metadata.Text(field)))
            {
                return $"metadata.{field} is missing or no text";
            }
        }

        if (metadata.Number("generation") is null)
        {
            return "metadata.generation is missing or no whole number";
        }

        if (spec.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined or JsonValueKind.Null))
        {
            return $"spec is a {spec.ValueKind}, not an object";
        }

        return DateTimeOffset.TryParse(
            metadata.Text("creationTimestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out createdAt)
            ? null
            : "metadata.creationTimestamp is no time";
    }

    private static ImmutableSortedDictionary<string, string> Annotations(JsonElement annotations)
    {
        var ours = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (annotations.ValueKind is JsonValueKind.Object)
        {
            foreach (var annotation in annotations.EnumerateObject())
            {
                if (annotation.Name.StartsWith(Manifest.AnnotationPrefix, StringComparison.Ordinal)
                    && annotation.Value.ValueKind is JsonValueKind.String)
                {
                    ours[annotation.Name] = annotation.Value.GetString()!;
                }
            }
        }

        return ours.ToImmutable();
    }
}
