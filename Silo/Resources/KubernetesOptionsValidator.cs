using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Resources;

/// <summary>Says everything that is wrong at once. Runs no credential plugin and asks no server.</summary>
internal sealed partial class KubernetesOptionsValidator : IValidateOptions<KubernetesOptions>
{
    private const string NamespacesSetting = $"{KubernetesOptions.Section}:{nameof(KubernetesOptions.Namespaces)}";

    public ValidateOptionsResult Validate(string? name, KubernetesOptions options)
    {
        var problems = options.Namespaces
            .Where(value => value is null || !DnsLabel().IsMatch(value))
            .Select(value => $"{NamespacesSetting} ('{value}') is not the name of a namespace: at most 63 lower-case"
                + " letters, digits and '-'. Correct it, or leave the list empty to manage all namespaces.")
            .ToList();
        if (options.Namespaces.Count > KubernetesOptions.MaxNamespaces)
        {
            problems.Add($"{NamespacesSetting} ({options.Namespaces.Count} names) has more than"
                + $" {KubernetesOptions.MaxNamespaces}. Leave it empty to manage all namespaces.");
        }

        if (Kubeconfig.Problem(options) is { } problem)
        {
            problems.Add(problem);
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex DnsLabel();
}
