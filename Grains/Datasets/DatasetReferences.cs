using System.Collections.Immutable;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>Looks whether the Secret and the ConfigMap that a spec names are there.</summary>
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
            if (data is null || (!data.ContainsKey(Settings) && !data.ContainsKey(Mappings)))
            {
                var seen = data is null ? "There is no such ConfigMap" : "The ConfigMap holds nothing for an index";
                problems.Add(new SpecProblem(
                    "spec.index.configMapRef.name",
                    configMap.Name,
                    $"{seen} in namespace {resourceNamespace}; write \"{Settings}\" or \"{Mappings}\" into it, or name another one."));
            }
        }

        return problems.ToImmutable();
    }
}
