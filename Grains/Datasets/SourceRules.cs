using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>What <c>spec.source</c> must keep and no schema can say.</summary>
internal static class SourceRules
{
    private const int MaxShown = 128;

    /// <param name="pin"><c>spec.rollout.pin</c>.</param>
    public static IEnumerable<SpecProblem> Check(SourceSpec source, string? pin = null) =>
        [.. Place(source), .. Region(source), .. Names(source), .. Pin(source, pin)];

    private static IEnumerable<SpecProblem> Place(SourceSpec source)
    {
        if (!SourceUri.TryParse(source.Uri, out var uri, out var cure))
        {
            yield return new("spec.source.uri", SpecSchema.Shown(source.Uri), cure);
        }

        if (uri is SourceUri.Folder && source.S3 is not null)
        {
            yield return new("spec.source.s3", "set", "Take it out: the source is a folder.");
        }

        if (uri is SourceUri.Folder && source.SecretRef is { } secret)
        {
            yield return new("spec.source.secretRef", SafeText.Clean(secret.Name, MaxShown), "Take it out: the source is a folder.");
        }

        if (source.S3 is { Endpoint: { Length: > 0 } endpoint } && !IsEndpoint(endpoint))
        {
            yield return new("spec.source.s3.endpoint", SpecSchema.Shown(endpoint),
                "Write an http or https URL such as http://minio:9000, without credentials, query and fragment; leave it out for AWS.");
        }
    }

    private static IEnumerable<SpecProblem> Region(SourceSpec source)
    {
        // Becomes part of a host name.
        if (source.S3 is { Region: var region } && region.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            yield return new("spec.source.s3.region", SpecSchema.Shown(region), "Write a region such as eu-central-1: letters, digits and dashes.");
        }
    }

    private static IEnumerable<SpecProblem> Names(SourceSpec source)
    {
        if (source.Marker is "." or ".." or VersionContent.ManifestName || source.Marker.IndexOfAny(['/', '\\', '\0']) >= 0)
        {
            yield return new("spec.source.marker", SafeText.Clean(source.Marker, MaxShown),
                $"Write the name of a file right in the version's folder, other than {VersionContent.ManifestName}; for example _SUCCESS.");
        }

        if (VersionNames.PatternProblem(source.Pattern) is { } problem)
        {
            yield return new("spec.source.pattern", SafeText.Clean(source.Pattern, MaxShown),
                $"Write a regular expression without look-around and back references, for example [0-9]{{8}}: {SafeText.Clean(problem, MaxShown)}");
        }
    }

    private static IEnumerable<SpecProblem> Pin(SourceSpec source, string? pin)
    {
        if (pin is not null && VersionNames.PatternProblem(source.Pattern) is null && !new VersionNames(source).IsVersion(pin))
        {
            yield return new("spec.rollout.pin", SafeText.Clean(pin, MaxShown),
                "Write the name of a version's folder, one that spec.source.pattern and spec.source.order take for a version.");
        }
    }

    private static bool IsEndpoint(string text) => EndpointUrl.TryParse(text, out _, out _);
}
