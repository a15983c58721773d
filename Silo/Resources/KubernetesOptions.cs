namespace ClusterGrains.Resources;

/// <summary>Which API server, and which namespaces of it. Bound from <c>Kubernetes</c>.</summary>
public sealed class KubernetesOptions
{
    public const string Section = "Kubernetes";

    /// <summary>More namespaces than this are better watched all at once.</summary>
    public const int MaxNamespaces = 64;

    /// <summary>
    /// Path of a kubeconfig file, or several joined as in <c>KUBECONFIG</c>. When empty, the environment variable
    /// <c>KUBECONFIG</c> counts; when that is empty too, the service account of the pod this process runs in.
    /// </summary>
    public string? Kubeconfig { get; set; }

    /// <summary>
    /// The namespaces whose resources are managed, at most <see cref="MaxNamespaces"/>; all when empty. Also accepted as
    /// one comma-separated text.
    /// </summary>
    public IList<string> Namespaces { get; set; } = [];

    /// <summary>Where <see cref="Kubeconfig"/> came from, for messages.</summary>
    internal string KubeconfigSource { get; set; } = $"{Section}:{nameof(Kubeconfig)}";

    /// <summary>The scopes to list and watch: each namespace, or null for the whole cluster.</summary>
    internal IReadOnlyList<string?> Scopes =>
        Namespaces.Count == 0 ? [null] : [.. Namespaces.Distinct(StringComparer.Ordinal)];
}
