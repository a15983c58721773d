using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>
/// What a spec must keep. The API server has checked some of it with the schema, but with the schema that is installed,
/// which may be another one than ours.
/// </summary>
internal static class SpecRules
{
    private static readonly RegularExpressionAttribute SecretName = new(SecretRef.NamePattern);

    public static IEnumerable<SpecProblem> Check(SearchClusterSpec spec, TimeSpan minimumInterval) =>
    [
        .. Endpoints(spec.Endpoints),
        .. Auth(spec.Auth),
        .. Secret("spec.tls.caSecretRef.name", spec.Tls.CaSecretRef),
        .. Schedule(spec.Schedule, minimumInterval),
    ];

    private static IEnumerable<SpecProblem> Endpoints(ImmutableArray<string> endpoints)
    {
        if (endpoints.Length is < 1 or > EndpointUrl.MaxCount)
        {
            yield return new("spec.endpoints", $"{endpoints.Length} of them", $"Write 1 to {EndpointUrl.MaxCount} URLs.");
            yield break;
        }

        var seen = new Dictionary<Uri, int>();
        for (var i = 0; i < endpoints.Length; i++)
        {
            var field = $"spec.endpoints[{i}]";
            if (!EndpointUrl.TryParse(endpoints[i], out var url, out var cure))
            {
                yield return new(field, Shown(endpoints[i]), cure);
            }
            else if (!seen.TryAdd(url, i))
            {
                yield return new(field, Shown(endpoints[i]), $"Take it out: spec.endpoints[{seen[url]}] is the same.");
            }
        }
    }

    // Up to the last @ may be a password, however broken the rest is.
    private static string Shown(string endpoint)
    {
        var at = endpoint.LastIndexOf('@');
        return SafeText.Clean(at < 0 ? endpoint : $"…{endpoint[at..]}", 128);
    }

    private static IEnumerable<SpecProblem> Auth(AuthSpec? auth)
    {
        var ways = new[] { ("basic", auth?.Basic), ("apiKey", auth?.ApiKey), ("bearer", auth?.Bearer) }
            .Where(way => way.Item2 is not null)
            .ToArray();
        if (ways.Length > 1)
        {
            yield return new("spec.auth", string.Join(", ", ways.Select(way => way.Item1)), "Keep one of them.");
        }

        foreach (var (name, way) in ways)
        {
            foreach (var problem in Secret($"spec.auth.{name}.secretRef.name", way!.SecretRef))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<SpecProblem> Secret(string field, SecretRef? secret)
    {
        if (secret is not null
            && (secret.Name.Length is 0 or > SecretRef.MaxNameLength || !SecretName.IsValid(secret.Name)))
        {
            yield return new(field, SafeText.Clean(secret.Name, 128), "Write the name of a Secret: lower case letters, digits, '-' and '.'.");
        }
    }

    private static IEnumerable<SpecProblem> Schedule(ScheduleSpec schedule, TimeSpan minimumInterval)
    {
        foreach (var property in typeof(ScheduleSpec).GetProperties())
        {
            if (property.GetCustomAttribute<RangeAttribute>() is { } range
                && property.GetValue(schedule) is TimeSpan value
                && !range.IsValid(value))
            {
                yield return new(
                    $"spec.schedule.{char.ToLowerInvariant(property.Name[0])}{property.Name[1..]}",
                    Durations.Format(value),
                    $"Write {Durations.Format((TimeSpan)range.Minimum)} to {Durations.Format((TimeSpan)range.Maximum)}.");
            }
        }

        if (schedule.Interval < minimumInterval)
        {
            yield return new(
                "spec.schedule.interval",
                Durations.Format(schedule.Interval),
                $"This operator checks at most every {Durations.Format(minimumInterval)} (its setting Checks:MinimumInterval); write that or more.");
        }

        if (schedule.StaleAfter is { } staleAfter && staleAfter < schedule.Interval)
        {
            yield return new(
                "spec.schedule.staleAfter",
                Durations.Format(staleAfter),
                $"Write at least one interval ({Durations.Format(schedule.Interval)}), or leave it out for three.");
        }
    }
}
