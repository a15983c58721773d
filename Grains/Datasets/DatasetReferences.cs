using System.Collections.Immutable;
using System.Text.Json;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>Looks whether the Secret and the ConfigMap that a spec names are there and of use.</summary>
internal sealed class DatasetReferences(ISecretStore secrets, IConfigMapStore configMaps)
{
    public const string AccessKey = "accessKey";
    public const string SecretKey = "secretKey";
    public const string Settings = "settings.json";
    public const string Mappings = "mappings.json";

    /// <summary>Empty when a run could use them.</summary>
    /// <exception cref="DependencyException">The API server did not say; nothing is known.</exception>
    public async Task<ImmutableArray<SpecProblem>> Check(
        string resourceNamespace, SearchDatasetSpec spec, CancellationToken cancellationToken)
    {
        var problems = ImmutableArray.CreateBuilder<SpecProblem>();
        if (spec.Source.SecretRef is { } secret)
        {
            var reference = new SecretReference("spec.source.secretRef.name", secret.Name, [AccessKey, SecretKey]);
            var data = await secrets.Read(resourceNamespace, secret.Name, cancellationToken);
            if (SecretReferences.Problem(reference, resourceNamespace, data) is { } problem)
            {
                problems.Add(problem);
            }
        }

        if (spec.Index.ConfigMapRef is { } configMap)
        {
            var data = await configMaps.Read(resourceNamespace, configMap.Name, cancellationToken);
            problems.AddRange(Problems(configMap.Name, resourceNamespace, data));
        }

        return problems.ToImmutable();
    }

    /// <summary>What is wrong with a ConfigMap's texts. It may be edited after the spec was accepted, so each use asks again.</summary>
    /// <param name="data">Null when there is no such ConfigMap.</param>
    public static IEnumerable<SpecProblem> Problems(
        string name, string resourceNamespace, IReadOnlyDictionary<string, string>? data)
    {
        if (data is not null && (data.ContainsKey(Settings) || data.ContainsKey(Mappings)))
        {
            return
            [
                .. Text(name, data, Settings, (field, json) => IndexRules.Settings(field, json)),
                .. Text(name, data, Mappings, (field, json) => IndexRules.Mappings(field, json)),
            ];
        }

        var seen = data is null ? "There is no such ConfigMap" : "The ConfigMap holds nothing for an index";
        return
        [
            new(
                "spec.index.configMapRef.name",
                name,
                $"{seen} in namespace {resourceNamespace}; write \"{Settings}\" or \"{Mappings}\" into it, or name another one."),
        ];
    }

    /// <summary>Of two members with one name nobody knows which is meant.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static IEnumerable<SpecProblem> Text(
        string name, IReadOnlyDictionary<string, string> data, string key, Func<string, JsonElement, IEnumerable<SpecProblem>> check)
    {
        if (!data.TryGetValue(key, out var text))
        {
            return [];
        }

        var field = $"ConfigMap {name}/{key}";
        try
        {
            return check(field, JsonElement.Parse(text, Strict)).Take(SpecReading.MaxProblems);
        }
        catch (JsonException mistake)
        {
            return [new(field, "", mistake.LineNumber is { } line
                ? $"Write JSON; line {line + 1} is none."
                : $"Write each name once. {SafeText.Clean(mistake.Message, 256)}")];
        }
    }
}
