using k8s;
using k8s.KubeConfigModels;

namespace ClusterGrains.Resources;

/// <summary>Reads what <see cref="KubernetesOptions.Kubeconfig"/> names, with the official client's reader.</summary>
internal static class Kubeconfig
{
    /// <summary>What is wrong with the setting, with its cure; null when it can be used. Runs no credential plugin.</summary>
    public static string? Problem(KubernetesOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Kubeconfig))
        {
            return KubernetesClientConfiguration.IsInCluster()
                ? null
                : "Kubernetes:Kubeconfig and the environment variable KUBECONFIG are empty, and this process does not run"
                + " in a pod with a service account. Set one of them to the path of a kubeconfig file.";
        }

        var subject = $"{options.KubeconfigSource} ('{options.Kubeconfig}')";
        if (Files(options.Kubeconfig).Length == 0)
        {
            return $"{subject} does not exist. Give the path of a kubeconfig file that this process can read.";
        }

        try
        {
            return Problem(subject, Load(options.Kubeconfig));
        }
        catch (Exception unreadable)
        {
            // The reader throws whatever it met; for an empty file that is a NullReferenceException.
            return $"{subject} cannot be read as a kubeconfig: {unreadable.Message} Give the path of another one.";
        }
    }

    /// <summary>The client's configuration. May run a credential plugin, and so takes its time.</summary>
    /// <exception cref="DependencyException">The file or the plugin failed.</exception>
    public static KubernetesClientConfiguration Build(KubernetesOptions options)
    {
        var inPod = string.IsNullOrWhiteSpace(options.Kubeconfig);
        try
        {
            return inPod
                ? KubernetesClientConfiguration.InClusterConfig()
                : KubernetesClientConfiguration.BuildConfigFromConfigObject(Load(options.Kubeconfig!));
        }
        catch (Exception failure)
        {
            // The reader and the credential plugins throw whatever they met, plain Exception included.
            var source = inPod ? "the pod's service account" : options.KubeconfigSource;
            throw new DependencyException(
                Dependency.KubernetesApi, $"No credentials from {source}: {failure.Message}", failure);
        }
    }

    /// <summary>Of several files the first to define something wins, as in kubectl.</summary>
    private static K8SConfiguration Load(string paths) => Files(paths)
        .Select(file => KubernetesClientConfiguration.LoadKubeConfig(file))
        .Aggregate((first, next) =>
        {
            first.CurrentContext ??= next.CurrentContext;
            first.Contexts = [.. first.Contexts ?? [], .. next.Contexts ?? []];
            first.Clusters = [.. first.Clusters ?? [], .. next.Clusters ?? []];
            first.Users = [.. first.Users ?? [], .. next.Users ?? []];
            return first;
        });

    /// <summary>As kubectl does, the files of a list that are not there are passed over.</summary>
    private static FileInfo[] Files(string paths) =>
    [
        .. paths.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(path => new FileInfo(path.Trim('"')))
            .Where(file => file.Exists),
    ];

    private static string? Problem(string subject, K8SConfiguration file)
    {
        if (string.IsNullOrWhiteSpace(file.CurrentContext))
        {
            var contexts = string.Join(", ", file.Contexts?.Select(c => c.Name) ?? []);
            return $"{subject} has no current-context. Choose one with 'kubectl config use-context NAME'; it has: {contexts}.";
        }

        var context = file.Contexts?.FirstOrDefault(c => c.Name == file.CurrentContext)?.ContextDetails;
        if (context is null)
        {
            return $"{subject} has no context named '{file.CurrentContext}', its current-context. Add it or choose another.";
        }

        var cluster = file.Clusters?.FirstOrDefault(c => c.Name == context.Cluster)?.ClusterEndpoint;
        if (!Uri.TryCreate(cluster?.Server, UriKind.Absolute, out _))
        {
            return $"{subject} has no server URL for the cluster '{context.Cluster}' of its current-context. Add clusters[].cluster.server.";
        }

        return string.IsNullOrWhiteSpace(context.User) || file.Users?.Any(u => u.Name == context.User) is true
            ? null
            : $"{subject} has no user named '{context.User}', which its current-context names. Add it under users.";
    }
}
